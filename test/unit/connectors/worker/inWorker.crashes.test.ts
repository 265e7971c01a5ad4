import { delay, map, of, timer } from 'rxjs';
import { eachMessage, ShardError } from 'rxjs-reliable';
import { exposePipeline, WorkerError } from 'rxjs-reliable/worker';
import { describe, expect, it, vi } from 'vitest';
import {
  NodeWorkerInThread,
  puppets,
  settled,
  Spawner,
  type WebWorkerInThread,
  webWorkersWith,
  workersWith,
} from '../../../support/workerInThread.js';
import { errorOf, type RigOptions, through, throughWorkers } from '../../../support/workerRig.js';

const slow = eachMessage((n: number) => timer(3).pipe(map(() => n)));
const restart = { onShardError: 'restart' } as const;

/** Sends numbers and waits until the first of them is done. */
async function underWay(options: RigOptions<number, number> = {}, messages = [0, 1, 2, 3]) {
  const rig = through(slow, options);
  rig.send(...messages);
  await vi.waitFor(() => expect(rig.log.length).toBeGreaterThan(0), { interval: 1 });
  return { ...rig, done: rig.log.length };
}

describe('a crash', () => {
  it('ends the stream with a WorkerError, and gives up what the worker had', async () => {
    const { log, workers, messagesOf, done, events } = await underWay();
    const thrown = new RangeError('out of memory');
    workers.last.crash(thrown);
    const error = errorOf(log);
    expect(error).toBeInstanceOf(ShardError);
    expect(error.cause).toBeInstanceOf(WorkerError);
    expect(error.cause).toMatchObject({ cause: thrown, exitCode: 1 });
    expect(messagesOf('dead-letter')).toEqual([0, 1, 2, 3].slice(done));
    for (const event of events.slice(1)) expect(event).toMatchObject({ error: error.cause });
    expect(workers.terminations).toEqual([1]);
    const told = events.length;
    workers.last.crash(new Error('again'));
    await settled();
    expect(events).toHaveLength(told);
  });

  it('by exit tells the code', async () => {
    const { log, workers } = await underWay();
    workers.last.exit(137);
    expect(errorOf(log).cause).toMatchObject({
      message: 'inWorker: the worker exited with code 137',
      exitCode: 137,
    });
  });

  it('by a message that cannot be read is one too', async () => {
    const { log, workers } = await underWay();
    workers.last.garble();
    expect(errorOf(log).cause).toBeInstanceOf(WorkerError);
    expect(workers.terminations).toEqual([1]);
  });

  it('in a browser ends the stream as well', async () => {
    for (const how of ['crash', 'garble'] as const) {
      const workers = webWorkersWith(slow);
      const rig = throughWorkers<number, number, WebWorkerInThread>(workers);
      rig.send(0, 1);
      await settled();
      workers.last[how]();
      expect(errorOf(rig.log).cause).toBeInstanceOf(WorkerError);
      expect(workers.terminations).toEqual([1]);
    }
  });

  it('after the end is none', async () => {
    const { workers, log, events, sendAll } = through(slow);
    await sendAll();
    workers.last.exit(1);
    expect(log).toEqual(['|']);
    expect(events.map(({ kind }) => kind)).toEqual(['shard-complete']);
  });

  it('leaves the results sent before it', async () => {
    const workers = puppets();
    const { log, send, messagesOf } = throughWorkers<number, number, NodeWorkerInThread>(workers);
    exposePipeline<number, number>((shard) => shard, { port: workers.last.inside });
    send(0, 1);
    await vi.waitFor(() => expect(log).toEqual([0, 1]), { interval: 1 });
    send(2);
    workers.last.exit(1);
    expect(log.slice(0, 2)).toEqual([0, 1]);
    // It was not sent when the worker exited.
    expect(messagesOf('dead-letter')).toEqual([]);
    expect(messagesOf('discarded')).toEqual([2]);
  });
});

describe("crashPolicy: 'dead-letter'", () => {
  it('gives up each message that the worker had, once; the others are done', async () => {
    const { log, workers, source, messagesOf, done } = await underWay(
      { mergeShards: restart, inWorker: { maxInFlight: 3, maxBatch: 1 } },
      [0, 1, 2, 3, 4, 5, 6, 7],
    );
    workers.last.exit(1);
    const lost = messagesOf('dead-letter');
    expect(lost).toEqual([0, 1, 2, 3, 4, 5, 6, 7].slice(done, done + lost.length));
    expect(lost.length).toBeGreaterThanOrEqual(3);
    expect(lost.length).toBeLessThanOrEqual(4);
    source.complete();
    await vi.waitFor(() => expect(log.at(-1)).toBe('|'));
    const left = [0, 1, 2, 3, 4, 5, 6, 7].filter((n) => !lost.includes(n));
    expect(log).toEqual([...left, '|']);
    expect(workers.terminations).toEqual([1, 1]);
  });
});

describe("crashPolicy: 'resend'", () => {
  it('has all results come in the end', async () => {
    const { log, workers, source, messagesOf } = await underWay(
      { mergeShards: { ...restart, maxRestarts: 3 }, inWorker: { crashPolicy: 'resend' } },
      [0, 1, 2, 3, 4, 5],
    );
    workers.last.exit(1);
    await settled();
    workers.last.crash(new Error('again'));
    source.complete();
    await vi.waitFor(() => expect(log.at(-1)).toBe('|'));
    expect([...new Set(log)]).toEqual([0, 1, 2, 3, 4, 5, '|']);
    expect(messagesOf('dead-letter')).toEqual([]);
    expect(workers.terminations).toEqual([1, 1, 1]);
  });

  it('orphans what is left when there were too many crashes', async () => {
    const { log, workers, messagesOf, events, done } = await underWay({
      mergeShards: { ...restart, maxRestarts: 2 },
      inWorker: { crashPolicy: 'resend' },
    });
    for (let crash = 0; crash < 3; crash += 1) workers.last.exit(1);
    expect(workers.terminations).toEqual([1, 1, 1]);
    expect(messagesOf('orphaned')).toEqual([0, 1, 2, 3].slice(done));
    expect(events.flatMap((event) => (event.kind === 'shard-error' ? event.action : []))).toEqual([
      ...['restart', 'restart', 'drop'],
    ]);
    expect(log).toHaveLength(done);
  });
});

describe('a worker that does not come up', () => {
  it.each(['dead-letter', 'resend'] as const)('is tried again, under %s', async (crashPolicy) => {
    const workers = new Spawner(
      () => new NodeWorkerInThread(),
      (worker, index) => {
        if (index < 2) setImmediate(() => worker.crash(new Error('cannot load')));
        else exposePipeline<number, number>((shard) => shard, { port: worker.inside });
      },
    );
    const { log, sendAll, messagesOf } = throughWorkers<number, number, NodeWorkerInThread>(
      workers,
      { mergeShards: restart, inWorker: { crashPolicy } },
    );
    await sendAll(0, 1);
    expect(log).toEqual([0, 1, '|']);
    expect(messagesOf('dead-letter')).toEqual([]);
    expect(workers.terminations).toEqual([1, 1, 1]);
  });

  it('because it cannot be spawned fails as the pipeline would', async () => {
    const refused = new Error('no more threads');
    const workers = new Spawner(
      (): NodeWorkerInThread => {
        throw refused;
      },
      () => undefined,
    );
    const { log, send, messagesOf } = throughWorkers<number, number, NodeWorkerInThread>(workers);
    send(0);
    await settled();
    expect(errorOf(log).cause).toBe(refused);
    expect(messagesOf('dead-letter')).toEqual([]);
  });

  it('because spawning fails once is spawned again', async () => {
    let attempts = 0;
    const workers = workersWith<number, number>((shard) => shard);
    const spawn = vi.spyOn(workers, 'spawn').mockImplementationOnce(() => {
      attempts += 1;
      throw new Error('not now');
    });
    const { log, sendAll } = throughWorkers<number, number, NodeWorkerInThread>(workers, {
      mergeShards: restart,
    });
    await sendAll(0, 1);
    expect(attempts).toBe(1);
    expect(spawn).toHaveBeenCalledTimes(2);
    expect(log).toEqual([0, 1, '|']);
  });

  it('because it is of another version is not talked to', async () => {
    const workers = puppets();
    const { log, send, messagesOf } = throughWorkers<number, number, NodeWorkerInThread>(workers);
    send(0);
    workers.say({ kind: 'ready', protocol: 'rxjs-reliable/worker/999' });
    await settled();
    expect(errorOf(log).cause).toBeInstanceOf(WorkerError);
    expect(String(errorOf(log).cause)).toContain('another version');
    expect(workers.last.sent).toEqual([]);
    expect(workers.terminations).toEqual([1]);
    expect(messagesOf('discarded')).toEqual([0]);
  });
});

it('what a failing shard had does not hold up others in source order', async () => {
  const { log, workers, send, source } = through(
    eachMessage((n: number) => (n % 2 === 0 ? of(n).pipe(delay(60_000)) : of(n))),
    { shardBy: { shards: 2 }, mergeShards: { onShardError: 'drop' } },
  );
  send(0, 1, 2, 3);
  await settled();
  expect(log).toEqual([]);
  workers.at(0).exit(9);
  expect(log).toEqual([1, 3]);
  source.complete();
  await settled();
  expect(log).toEqual([1, 3, '|']);
});
