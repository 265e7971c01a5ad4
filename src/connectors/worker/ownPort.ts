import type { WorkerPort } from './WorkerLike.js';

/** What a worker's global scope has, in a browser or on Node. */
interface Scope {
  readonly WorkerGlobalScope?: unknown;
  readonly postMessage?: unknown;
  readonly process?: {
    getBuiltinModule?(name: string): { readonly parentPort: WorkerPort | null } | undefined;
  };
}

/** The way from a worker to whoever made it. */
export function ownPort(scope: object = globalThis): WorkerPort {
  const { WorkerGlobalScope, postMessage, process } = scope as Scope;
  if (WorkerGlobalScope !== undefined && typeof postMessage === 'function') {
    return scope as WorkerPort;
  }
  // An import would keep browsers from loading this file.
  const port = process?.getBuiltinModule?.('node:worker_threads')?.parentPort ?? undefined;
  if (port === undefined) {
    throw new TypeError(
      'exposePipeline: this is no worker, or a Node older than 20.16: give it a `port`',
    );
  }
  return port;
}
