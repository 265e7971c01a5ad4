import { map, of, range, Subject, throwError } from 'rxjs';
import { BufferOverflowError, eachMessage, mergeShards, shardBy, ShardError } from 'rxjs-reliable';
import { inWorker, type InWorkerEvent, WorkerError } from 'rxjs-reliable/worker';
import { describe, expect, it } from 'vitest';
import { record } from '../../../support/record.js';
import { puppets, settled, workersWith } from '../../../support/workerInThread.js';

const identity = eachMessage((message: unknown) => [message]);

describe('a source that is no shard', () => {
  it('has its results come in order', async () => {
    const workers = workersWith<number, number>((shard) => shard.pipe(map((n) => n * n)));
    const log = record(range(0, 500).pipe(inWorker(workers.spawn)));
    await settled();
    expect(log).toEqual([...Array.from({ length: 500 }, (_, n) => n * n), '|']);
    expect(workers.terminations).toEqual([1]);
  });

  it('has the error of the pipeline as it is, and onEvent hear who is to blame', async () => {
    const events: InWorkerEvent<unknown, unknown>[] = [];
    const workers = workersWith(
      eachMessage((n: unknown) => (n === 1 ? throwError(() => new RangeError('poison')) : [n])),
    );
    const log = record(
      range(0, 3).pipe(inWorker(workers.spawn, { onEvent: (event) => events.push(event) })),
    );
    await settled();
    expect(log[0]).toBe(0);
    expect(log[1]).toBeInstanceOf(RangeError);
    expect(events).toMatchObject([
      { kind: 'shard-error', action: 'fail' },
      { kind: 'dead-letter', message: 1, error: log[1] },
      { kind: 'discarded', message: 2 },
    ]);
  });

  it('has the error of a crash as it is', () => {
    const workers = puppets();
    const log = record(of(1).pipe(inWorker(workers.spawn)));
    workers.last.exit(3);
    expect(log).toEqual([expect.any(WorkerError)]);
  });

  it('has its own error as it is, also one of shards before it', async () => {
    for (const thrown of [new Error('source'), new ShardError('mergeShards', 0, new Error('in'))]) {
      const workers = workersWith(identity);
      const source = new Subject<number>();
      const log = record(source.pipe(inWorker(workers.spawn)));
      source.next(1);
      await settled();
      source.error(thrown);
      expect(log[0]).toBe(1);
      expect(log[1]).toBe(thrown);
      expect(workers.terminations).toEqual([1]);
    }
  });

  it('behind a mergeShards that fails has its ShardError', async () => {
    const failed = of(1).pipe(
      shardBy('round-robin', { shards: 1 }),
      mergeShards(() => throwError(() => new Error('in a shard'))),
    );
    const log = record(failed.pipe(inWorker(workersWith(identity).spawn)));
    await settled();
    expect(log).toEqual([expect.any(ShardError)]);
  });

  it('may have 10_000 messages wait, no more', async () => {
    const workers = workersWith(identity);
    const fits = record(range(0, 10_000).pipe(inWorker(workers.spawn)));
    const over = record(range(0, 10_001).pipe(inWorker(workers.spawn)));
    expect(over).toEqual([expect.any(BufferOverflowError)]);
    expect(workers.terminations).toEqual([0, 1]);
    for (let round = 0; round < 20 && fits.at(-1) !== '|'; round += 1) await settled();
    expect(fits).toHaveLength(10_001);
  });

  it('has onEvent hear of what cannot be cloned, and goes on', async () => {
    const events: InWorkerEvent<unknown, unknown>[] = [];
    const workers = workersWith(identity);
    const odd = (): void => undefined;
    const log = record(
      of(0, odd, 2).pipe(inWorker(workers.spawn, { onEvent: (event) => events.push(event) })),
    );
    await settled();
    expect(log).toEqual([0, 2, '|']);
    expect(events.filter(({ kind }) => kind === 'dead-letter')).toMatchObject([{ message: odd }]);
  });

  it('ends with what onEvent throws', async () => {
    const thrown = new Error('listener');
    const workers = workersWith(identity);
    const onEvent = (): never => {
      throw thrown;
    };
    const log = record(of(() => 1).pipe(inWorker(workers.spawn, { onEvent })));
    await settled();
    expect(log).toEqual([thrown]);
    expect(workers.terminations).toEqual([1]);
  });

  it('spawns a worker for each subscription, and terminates it', async () => {
    const workers = workersWith(identity);
    const results$ = new Subject<number>().pipe(inWorker(workers.spawn));
    expect(workers.workers).toEqual([]);
    const subscriptions = [results$.subscribe(), results$.subscribe()];
    for (const subscription of subscriptions) subscription.unsubscribe();
    await settled();
    expect(workers.terminations).toEqual([1, 1]);
  });
});
