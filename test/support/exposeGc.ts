import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

// Stryker runs tests in worker threads, which refuse --expose-gc.
setFlagsFromString('--expose-gc');
globalThis.gc ??= runInNewContext('gc') as typeof globalThis.gc;
