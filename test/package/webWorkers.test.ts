/** `rxjs-reliable/worker` in a browser: the packed tarball, bundled as users do, real Web Workers of headless Chromium. */
import { existsSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { build } from 'esbuild';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Consumer, createConsumer } from './consumer.js';

const executablePath = process.env['CHROMIUM'] ?? '/usr/bin/chromium';
const hasBrowser = existsSync(executablePath);
if (!hasBrowser) console.warn(`Skipped: there is no browser at ${executablePath}`);

const pageProgram = `
  import { from, lastValueFrom, NEVER, range, toArray } from 'rxjs';
  import { mergeShards, shardBy } from 'rxjs-reliable';
  import { columns, inWorker } from 'rxjs-reliable/worker';
  const spawned = [];
  const spawn = () => {
    const worker = new Worker('/worker.js', { type: 'module' });
    const terminate = worker.terminate.bind(worker);
    worker.terminate = () => { spawned.push('terminated'); terminate(); };
    return worker;
  };
  const merge = (messages, { shards = 1, options, ...rest } = {}) => {
    const events = [];
    const onEvent = ({ kind, message, error }) => {
      if (kind !== 'shard-complete') events.push([kind, typeof message === 'function' ? 'function' : message ?? null, error?.message ?? null]);
    };
    return lastValueFrom(from(messages).pipe(
      shardBy('round-robin', { shards, onEvent }),
      mergeShards((shard) => shard.pipe(inWorker(spawn, options)), { order: 'source', onEvent, ...rest }),
      toArray(),
    )).then((values) => ({ values, events }));
  };
  const tests = {
    order: () => merge(range(0, 2_000), { shards: 3 }),
    error: () => lastValueFrom(from([1, 'throw']).pipe(inWorker(spawn))).catch((error) => ({
      isRange: error instanceof RangeError, name: error.name, message: error.message, stack: error.stack, cause: error.cause.message, code: error.code,
    })),
    poison: () => merge([1, 'throw', 2], { onShardError: 'restart' }),
    crash: () => merge(['crash', 'a'], { onShardError: 'restart', options: { maxBatch: 1, maxInFlight: 1 } }),
    clone: () => merge([1, () => 2, 'function', 3]),
    buffers: async () => {
      const column = Float64Array.of(2, 4);
      const options = { transfer: ({ buffer }) => buffer ? [buffer] : [] };
      const [half] = await lastValueFrom(from([column]).pipe(inWorker(spawn, options), toArray()));
      return [...half, column.length];
    },
    columns: () => merge([1, 2.5, -3], { options: { codec: columns('number') } }),
    leave: async () => {
      spawned.length = 0;
      const subscription = NEVER.pipe(inWorker(spawn)).subscribe();
      subscription.unsubscribe();
      return spawned;
    },
  };
  window.start = (name) => tests[name]();`;

const workerProgram = `
  import { map } from 'rxjs';
  import { columns, exposePipeline } from 'rxjs-reliable/worker';
  await new Promise((resolve) => setTimeout(resolve, 20)); // what is sent before the pipeline is there must not be lost
  exposePipeline((source$) => source$.pipe(map((message) => {
    if (message === 'throw') throw Object.assign(new RangeError('bad message', { cause: new TypeError('because') }), { code: 'E_BAD' });
    if (message === 'crash') setTimeout(() => { throw new Error('out of the blue'); });
    if (message === 'function') return () => message;
    if (message instanceof Float64Array) return message.map((x) => x / 2);
    return typeof message === 'number' ? message * message : message;
  })), {
    codec: columns('number'),
    transfer: (result) => (result instanceof Float64Array ? [result.buffer] : []),
  });`;

const bundle = async (consumer: Consumer, name: string, program: string): Promise<string> => {
  const { outputFiles } = await build({
    entryPoints: [join(consumer.folder, consumer.write(name, program))],
    bundle: true,
    format: 'esm',
    write: false,
    logLevel: 'silent',
  });
  return outputFiles[0]?.text ?? '';
};

async function serve(files: Readonly<Record<string, string>>): Promise<Server> {
  const server = createServer(({ url = '/' }, response) => {
    const type = url.endsWith('.js') ? 'text/javascript' : 'text/html';
    response.writeHead(url in files ? 200 : 404, { 'content-type': type }).end(files[url]);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}

describe.skipIf(!hasBrowser)('a user with Web Workers', { timeout: 60_000 }, () => {
  let consumer: Consumer;
  let server: Server;
  let browser: Browser;
  let page: Page;
  const pageErrors: string[] = [];

  beforeAll(async () => {
    consumer = createConsumer();
    server = await serve({
      '/': '<!doctype html><script type="module" src="/page.js"></script>',
      '/page.js': await bundle(consumer, 'page.mjs', pageProgram),
      '/worker.js': await bundle(consumer, 'web-worker.mjs', workerProgram),
    });
    const args = ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'];
    browser = await chromium.launch({ executablePath, args });
    page = await browser.newPage();
    page.on('pageerror', ({ message }) => pageErrors.push(message));
    await page.goto(`http://127.0.0.1:${String((server.address() as AddressInfo).port)}/`);
    await page.waitForFunction('window.start !== undefined');
  });
  afterAll(async () => {
    await browser.close();
    server.close();
    consumer.dispose();
  });

  const start = (name: string): Promise<unknown> => page.evaluate(`window.start('${name}')`);

  it('has the results in order', async () => {
    const values = Array.from({ length: 2_000 }, (_, n) => n * n);
    expect(await start('order')).toEqual({ values, events: [] });
  });

  it('has errors from the worker whole', async () => {
    expect(await start('error')).toEqual({
      ...{ isRange: true, name: 'RangeError', message: 'bad message', cause: 'because' },
      ...{ code: 'E_BAD', stack: expect.stringContaining('worker.js') as string },
    });
  });

  it('goes on after an error, without the poison message', async () => {
    expect(await start('poison')).toEqual({
      values: [1, 4],
      events: [
        ['shard-error', null, 'bad message'],
        ['dead-letter', 'throw', 'bad message'],
        ['shard-restart', null, null],
      ],
    });
  });

  it('goes on after a crash, with an account of every message', async () => {
    const { values, events } = (await start('crash')) as {
      values: unknown[];
      events: [kind: string, message: unknown, error: string][];
    };
    const lost = events.filter(([kind]) => kind === 'dead-letter').map(([, message]) => message);
    expect([...values, ...lost].sort()).toEqual(['a', 'crash']);
    expect(events[0]?.[2]).toContain('out of the blue');
  });

  it('hears what cannot be sent, either way, and goes on', async () => {
    const error = expect.stringContaining('could not be cloned') as string;
    expect(await start('clone')).toEqual({
      values: [1, 9],
      events: [
        ['dead-letter', 'function', error],
        ['dead-letter', 'function', error],
      ],
    });
  });

  it('hands buffers over', async () => {
    expect(await start('buffers')).toEqual([1, 2, 0]);
  });

  it('sends columns', async () => {
    expect(await start('columns')).toEqual({ values: [1, 6.25, 9], events: [] });
  });

  it('terminates the worker as it is unsubscribed', async () => {
    expect(await start('leave')).toEqual(['terminated']);
  });

  it('has no error that nobody handles', () => {
    expect(pageErrors).toEqual([]);
  });
});
