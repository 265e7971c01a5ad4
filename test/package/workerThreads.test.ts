/** `rxjs-reliable/worker` as a user has it: the packed tarball, real threads of Node, programs that end by themselves. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Consumer, createConsumer, run } from './consumer.js';

let consumer: Consumer;
beforeAll(() => {
  consumer = createConsumer();
  consumer.write('square.mjs', worker(`map((n) => n * n)`));
  consumer.write('fragile.mjs', worker(fragile));
  consumer.write('silent.mjs', `setInterval(() => undefined, 1_000);`);
  consumer.write(
    'later.mjs',
    `await new Promise((go) => setTimeout(go, 50));\n${worker('map((n) => -n)')}`,
  );
});
afterAll(() => {
  consumer.dispose();
});

const worker = (steps: string): string => `
  import { concatMap, map, of, delay } from 'rxjs';
  import { threadId } from 'node:worker_threads';
  import { exposePipeline } from 'rxjs-reliable/worker';
  exposePipeline((source$) => source$.pipe(${steps}));`;

/** Does what it is told: each message is a number, or what shall go wrong. */
const fragile = `map((message) => {
  if (message === 'throw') {
    throw Object.assign(new RangeError('bad message', { cause: new TypeError('because') }), { code: 'E_BAD' });
  }
  if (message === 'exit') process.exit(3);
  if (message === 'crash') setImmediate(() => { throw new Error('out of the blue'); });
  if (message === 'memory') for (const hoard = []; ; ) hoard.push(new Array(1_000).fill(message.repeat(9)));
  if (message === 'function') return () => message;
  return message === 'thread' ? threadId : message;
})`;

const opening = `
  import { Worker } from 'node:worker_threads';
  import { from, lastValueFrom, NEVER, range, take, toArray, concat, timer, ignoreElements } from 'rxjs';
  import { mergeShards, shardBy } from 'rxjs-reliable';
  import { inWorker } from 'rxjs-reliable/worker';
  const exits = [];
  const spawner = (file, options) => () => {
    const worker = new Worker(new URL(file, import.meta.url), options);
    worker.on('exit', (code) => exits.push(code));
    return worker;
  };
  const print = (value) => console.log(JSON.stringify(value, (_, value) => value instanceof Error
    ? { name: value.name, message: value.message, code: value.code, cause: value.cause, exitCode: value.exitCode, stack: value.stack.split('\\n')[1]?.trim() }
    : typeof value === 'bigint' ? String(value) : value));
  /** What comes out of shards that each have a worker, and what is told about it. */
  const merge = (messages, file, { shards = 1, options, ...rest } = {}) => {
    const events = [];
    const onEvent = ({ kind, message, error, shard, ...event }) => {
      if (kind !== 'shard-complete') events.push({ kind, message: typeof message === 'function' ? 'function' : message, error: error?.message, shard });
    };
    return lastValueFrom(from(messages).pipe(
      shardBy('round-robin', { shards, onEvent }),
      mergeShards((shard) => shard.pipe(inWorker(spawner(file), options)), { order: 'source', onEvent, ...rest }),
      toArray(),
    )).then((values) => ({ values, events }), (error) => ({ error, events }));
  };`;

/** Runs a program to its end; returns what it printed, which is JSON. A worker left behind would keep it running. */
function outcomeOf(name: string, body: string): unknown {
  const file = consumer.write(`${name}.mjs`, `${opening}\n${body}`);
  const { status, stdout, stderr } = run(consumer.folder, process.execPath, file);
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  return stdout
    .trim()
    .split('\n')
    .map((line): unknown => JSON.parse(line));
}

describe('a user with worker threads', { timeout: 60_000 }, () => {
  it('spreads work over threads and has the results in order', () => {
    const [{ values, events }, threads] = outcomeOf(
      'order',
      `print(await merge(range(0, 5_000), './square.mjs', { shards: 3 }));
       print(await merge(['thread', 'thread', 'thread'], './fragile.mjs', { shards: 3 }));`,
    ) as [{ values: number[]; events: unknown[] }, { values: number[] }];
    expect(values).toEqual(Array.from({ length: 5_000 }, (_, n) => n * n));
    expect(events).toEqual([]);
    expect(new Set(threads.values).size).toBe(3);
  });

  it('needs no shards for one worker', () => {
    const printed = outcomeOf(
      'alone',
      `print(await lastValueFrom(range(0, 4).pipe(inWorker(spawner('./square.mjs')), toArray())));`,
    );
    expect(printed).toEqual([[0, 1, 4, 9]]);
  });

  it('may expose the pipeline late', () => {
    const printed = outcomeOf('late', `print(await merge([1, 2], './later.mjs'));`);
    expect(printed).toEqual([{ values: [-1, -2], events: [] }]);
  });

  it('has its errors from the other thread whole', () => {
    const [error] = outcomeOf(
      'errors',
      `await lastValueFrom(from([1, 'throw']).pipe(inWorker(spawner('./fragile.mjs')))).catch(print);`,
    ) as [unknown];
    expect(error).toMatchObject({
      name: 'RangeError',
      message: 'bad message',
      code: 'E_BAD',
      cause: { name: 'TypeError', message: 'because' },
      stack: expect.stringContaining('fragile.mjs') as string,
    });
  });

  it('goes on after an error, without the poison message', () => {
    const printed = outcomeOf(
      'poison',
      `print(await merge([1, 'throw', 2, 3], './fragile.mjs', { onShardError: 'restart' }));`,
    );
    const about = { error: 'bad message', shard: 0 };
    expect(printed).toEqual([
      {
        values: [1, 2, 3],
        events: [
          { kind: 'shard-error', ...about },
          { kind: 'dead-letter', message: 'throw', ...about },
          { kind: 'shard-restart', shard: 0 },
        ],
      },
    ]);
  });

  it.each([
    ['exit', 'inWorker: the worker exited with code 3'],
    ['crash', 'inWorker: the worker crashed: Error: out of the blue'],
  ])('has an account of what was lost with a worker: %s', (trouble, error) => {
    const messages = JSON.stringify(['a', 'b', trouble, 'c']);
    const [outcome] = outcomeOf(
      `lost-${trouble}`,
      `const late$ = concat(from(${messages}), timer(1_000).pipe(ignoreElements()), from(['d', 'e']));
       print(await merge(late$, './fragile.mjs', { onShardError: 'restart' }));`,
    ) as [{ values: unknown[]; events: { kind: string; message: unknown; error: string }[] }];
    const lost = outcome.events.filter(({ kind }) => kind === 'dead-letter');
    expect(outcome.events[0]).toEqual({ kind: 'shard-error', error, shard: 0 });
    expect(new Set(lost.map((event) => event.error))).toEqual(
      new Set(lost.length > 0 ? [error] : []),
    );
    const all = [...outcome.values, ...lost.map(({ message }) => message)];
    expect(all.sort()).toEqual(['a', 'b', 'c', 'd', 'e', trouble].sort());
    expect(outcome.values.slice(-2)).toEqual(['d', 'e']);
  });

  it('can have what was lost with a worker sent again', () => {
    const [outcome] = outcomeOf(
      'resend',
      `let crashes = 0;
       const spawn = () => spawner('./fragile.mjs')();
       const events = [];
       const messages = [...Array(200).keys()];
       const values = await lastValueFrom(from(messages).pipe(
         shardBy('least-busy', { shards: 2 }),
         mergeShards((shard) => shard.pipe(inWorker(() => {
           const worker = spawn();
           if (crashes++ < 2) setTimeout(() => worker.terminate(), 5 * crashes);
           return worker;
         }, { maxInFlight: 8, maxBatch: 4, crashPolicy: 'resend' })), {
           order: 'source', onShardError: 'restart', onEvent: ({ kind }) => events.push(kind),
         }),
         toArray(),
       ));
       print({ values: [...new Set(values)], events });`,
    ) as [{ values: number[]; events: string[] }];
    expect(outcome.values).toEqual([...Array(200).keys()]);
    expect(outcome.events).not.toContain('dead-letter');
  });

  it('survives a worker that runs out of memory', () => {
    const [outcome] = outcomeOf(
      'memory',
      `const limits = { resourceLimits: { maxOldGenerationSizeMb: 16 } };
       const events = [];
       await lastValueFrom(from(['a', 'memory']).pipe(
         shardBy('round-robin', { shards: 1 }),
         mergeShards((shard) => shard.pipe(inWorker(spawner('./fragile.mjs', limits))), {
           onEvent: ({ kind, error }) => events.push([kind, error?.name, error?.cause?.code]),
         }),
       )).catch((error) => print([error.name, events]));`,
    ) as [[string, unknown[]]];
    const [name, events] = outcome;
    expect(name).toBe('ShardError');
    expect(events[0]).toEqual(['shard-error', 'WorkerError', 'ERR_WORKER_OUT_OF_MEMORY']);
  });

  it('hears what cannot be sent, either way, and goes on', () => {
    const printed = outcomeOf(
      'clone',
      `print(await merge([1, () => undefined, 2, 'function', 3], './fragile.mjs'));`,
    );
    const error = expect.stringContaining('could not be cloned') as string;
    expect(printed).toEqual([
      {
        values: [1, 2, 3],
        events: [
          { kind: 'dead-letter', message: 'function', error, shard: 0 },
          { kind: 'dead-letter', message: 'function', error, shard: 0 },
        ],
      },
    ]);
  });

  it('leaves no worker behind', () => {
    const printed = outcomeOf(
      'leave',
      `const spawn = spawner('./silent.mjs');
       const hung = NEVER.pipe(shardBy('least-busy', { shards: 2 }), mergeShards((shard) => shard.pipe(inWorker(spawn)))).subscribe();
       await new Promise((resolve) => setTimeout(resolve, 100));
       hung.unsubscribe();
       await lastValueFrom(range(0, 100).pipe(shardBy('least-busy', { shards: 2 }), mergeShards((shard) => shard.pipe(inWorker(spawner('./square.mjs')))), take(10)));
       process.on('exit', () => print(exits.length));`,
    );
    expect(printed).toEqual([4]);
  });

  it('hears of a worker that cannot be started', () => {
    const [error] = outcomeOf(
      'missing',
      `await lastValueFrom(from([1]).pipe(inWorker(spawner('./nowhere.mjs')))).catch(print);`,
    ) as [unknown];
    expect(error).toMatchObject({
      name: 'WorkerError',
      code: 'RELIABLE_WORKER',
      cause: { code: expect.stringContaining('MODULE_NOT_FOUND') as string },
      exitCode: 1,
    });
  });

  it('hands buffers over', () => {
    consumer.write(
      'halve.mjs',
      `import { map } from 'rxjs';
       import { exposePipeline } from 'rxjs-reliable/worker';
       exposePipeline((source$) => source$.pipe(map((column) => column.map((x) => x / 2))), { transfer: ({ buffer }) => [buffer] });`,
    );
    const printed = outcomeOf(
      'transfer',
      `const column = Float64Array.of(2, 4);
       const options = { transfer: ({ buffer }) => [buffer] };
       const [half] = await lastValueFrom(from([column]).pipe(inWorker(spawner('./halve.mjs'), options), toArray()));
       print([...half, column.length]);`,
    );
    expect(printed).toEqual([[1, 2, 0]]);
  });

  it('sends columns', () => {
    consumer.write(
      'codecs.mjs',
      `import { columns } from 'rxjs-reliable/worker';
       export const codec = columns({ id: 'number', symbol: 'string' });
       export const resultCodec = columns('string');`,
    );
    consumer.write(
      'name.mjs',
      `import { map } from 'rxjs';
       import { exposePipeline } from 'rxjs-reliable/worker';
       import * as codecs from './codecs.mjs';
       exposePipeline((source$) => source$.pipe(map(({ id, symbol }) => symbol + id)), codecs);`,
    );
    const printed = outcomeOf(
      'columns',
      `const codecs = await import('./codecs.mjs');
       const orders = Array.from({ length: 3_000 }, (_, id) => ({ id: id / 8, symbol: 'S' + id }));
       const names = await lastValueFrom(from(orders).pipe(
         shardBy('least-busy', { shards: 2 }),
         mergeShards((shard) => shard.pipe(inWorker(spawner('./name.mjs'), codecs)), { order: 'source' }),
         toArray(),
       ));
       print(names.filter((name, id) => name === 'S' + id + id / 8).length);`,
    );
    expect(printed).toEqual([3_000]);
  });

  it('may write everything in CommonJS', () => {
    consumer.write(
      'square.cjs',
      `const { map } = require('rxjs');
       require('rxjs-reliable/worker').exposePipeline((source$) => source$.pipe(map((n) => n * n)));`,
    );
    const file = consumer.write(
      'main-worker.cjs',
      `const { Worker } = require('node:worker_threads');
       const { range } = require('rxjs');
       const { inWorker } = require('rxjs-reliable/worker');
       range(2, 1).pipe(inWorker(() => new Worker(require.resolve('./square.cjs')))).subscribe((n) => console.log(n));`,
    );
    const outcome = run(consumer.folder, process.execPath, file);
    expect(outcome).toEqual({ status: 0, stdout: '4\n', stderr: '' });
  });
});
