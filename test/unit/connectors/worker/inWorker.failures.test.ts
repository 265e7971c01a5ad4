import { map, mergeMap, Observable, of, throwError, timer } from 'rxjs';
import { eachMessage, ShardError } from 'rxjs-reliable';
import { describe, expect, it, vi } from 'vitest';
import { errorOf, through } from '../../../support/workerRig.js';

const failsWith = (thrown: unknown): Observable<never> =>
  new Observable((subscriber) => subscriber.error(thrown));
/** Fails on some numbers, synchronously or not. */
const failing =
  (...poison: number[]) =>
  (n: number): Observable<number> =>
    poison.includes(n) ? throwError(() => new RangeError(`poison ${String(n)}`)) : of(n);
const later =
  (...poison: number[]) =>
  (n: number): Observable<number> =>
    timer(1).pipe(mergeMap(() => failing(...poison)(n)));
/** Fails the first time it meets a number. */
function failingOnce(...poison: number[]) {
  const left = new Set(poison);
  return (n: number): Observable<number> =>
    left.delete(n) ? throwError(() => new Error(`poison ${String(n)}`)) : of(n);
}

describe('an error of the pipeline', () => {
  it('ends the stream with what was thrown', async () => {
    const thrown = Object.assign(new TypeError('no number', { cause: new Error('why') }), {
      code: 'E_NUMBER',
    });
    const { log, sendAll, workers, told } = through(
      eachMessage((n: number) => (n === 1 ? throwError(() => thrown) : of(n))),
    );
    await sendAll(0, 1, 2);
    expect(log[0]).toBe(0);
    const error = errorOf(log);
    expect(error).toBeInstanceOf(ShardError);
    expect(error.cause).toBeInstanceOf(TypeError);
    expect(error.cause).toMatchObject({ message: 'no number', code: 'E_NUMBER' });
    expect((error.cause as Error).stack).toBe(thrown.stack);
    expect((error.cause as Error).cause).toMatchObject({ message: 'why' });
    expect(told()).toEqual(['shard-error of 0', 'dead-letter 1', 'discarded 2']);
    expect(workers.terminations).toEqual([1]);
  });

  it.each(['text', undefined, null, 7])('that is no Error arrives as it is: %o', async (thrown) => {
    const { log, sendAll } = through(eachMessage(() => failsWith(thrown)));
    await sendAll(0);
    expect(errorOf(log).cause).toBe(thrown);
  });

  it('that is an object arrives as text, one of many errors with all of them', async () => {
    const object = through(eachMessage(() => failsWith({ status: 404 })));
    await object.sendAll(0);
    expect(errorOf(object.log).cause).toBe('{"status":404}');
    const many = through(
      eachMessage(() => throwError(() => new AggregateError([new Error('a'), 'b'], 'all'))),
    );
    await many.sendAll(0);
    expect(errorOf(many.log).cause).toBeInstanceOf(AggregateError);
    const { errors } = errorOf(many.log).cause as AggregateError;
    expect(errors.map(String)).toEqual(['Error: a', 'b']);
  });

  it('has results before it count', async () => {
    const { log, sendAll, messagesOf } = through<number, number>((shard) =>
      shard.pipe(
        map((n) => {
          if (n === 3) throw new Error('poison');
          return n;
        }),
      ),
    );
    await sendAll(0, 1, 2, 3, 4);
    expect(log.slice(0, 3)).toEqual([0, 1, 2]);
    expect(messagesOf('dead-letter')).toEqual([3]);
    expect(messagesOf('discarded')).toEqual([4]);
  });

  it.each(['fail', 'drop', 'restart'] as const)(
    'while the pipeline is made blames nobody, under %s',
    async (onShardError) => {
      const { log, sendAll, messagesOf, workers } = through<number, number>(
        () => {
          throw new Error('cannot be made');
        },
        { mergeShards: { onShardError, maxRestarts: 2 } },
      );
      await sendAll(0, 1);
      expect(messagesOf('dead-letter')).toEqual([]);
      expect(messagesOf(onShardError === 'fail' ? 'discarded' : 'orphaned')).toEqual([0, 1]);
      expect(workers.terminations).toEqual(onShardError === 'restart' ? [1, 1, 1] : [1]);
      if (onShardError === 'fail') expect(errorOf(log).cause).toMatchObject({ name: 'Error' });
      else expect(log).toEqual(['|']);
    },
  );
});

describe("onShardError: 'restart'", () => {
  it.each([
    ['at once', eachMessage(failing(2))],
    ['later', eachMessage(later(2))],
    ['several at once', eachMessage(later(2), { concurrency: 3 })],
  ] as const)('gives up the poison message alone, which fails %s', async (_, pipeline) => {
    const { log, sendAll, messagesOf, workers, events } = through(pipeline, {
      mergeShards: { onShardError: 'restart' },
    });
    await sendAll(0, 1, 2, 3, 4);
    await vi.waitFor(() => expect(log.at(-1)).toBe('|'));
    expect(log).toEqual([0, 1, 3, 4, '|']);
    expect(messagesOf('dead-letter')).toEqual([2]);
    expect(events.find(({ kind }) => kind === 'dead-letter')).toMatchObject({
      error: expect.objectContaining({ name: 'RangeError', message: 'poison 2' }) as unknown,
    });
    expect(workers.terminations).toEqual([1, 1]);
  });

  it('gives up each poison message once, in batches of any size', async () => {
    for (const maxBatch of [1, 2, 64]) {
      const { log, sendAll, messagesOf } = through(eachMessage(failing(0, 3, 4)), {
        mergeShards: { onShardError: 'restart' },
        inWorker: { maxBatch },
      });
      await sendAll(0, 1, 2, 3, 4, 5);
      await vi.waitFor(() => expect(log.at(-1)).toBe('|'));
      expect(log).toEqual([1, 2, 5, '|']);
      expect(messagesOf('dead-letter')).toEqual([0, 3, 4]);
    }
  });

  it('of a plain pipeline gives up the oldest message it had', async () => {
    const { log, sendAll, messagesOf } = through<number, number>(
      (shard) => shard.pipe(mergeMap(failingOnce(2))),
      { mergeShards: { onShardError: 'restart' } },
    );
    await sendAll(0, 1, 2, 3);
    await vi.waitFor(() => expect(log.at(-1)).toBe('|'));
    expect(log).toEqual([0, 1, 3, '|']);
    expect(messagesOf('dead-letter')).toEqual([2]);
  });

  it('leaves other shards alone, and orphans once it was too often', async () => {
    const { log, sendAll, messagesOf, told } = through(eachMessage(failing(0, 2, 4)), {
      shardBy: { shards: 2 },
      mergeShards: { onShardError: 'restart', maxRestarts: 1 },
    });
    await sendAll(0, 1, 2, 3, 4, 5);
    expect(log).toEqual([1, 3, 5, '|']);
    expect(messagesOf('dead-letter')).toEqual([0, 2]);
    expect(messagesOf('orphaned')).toEqual([4]);
    expect(told().filter((text) => text.startsWith('shard-restart'))).toHaveLength(1);
  });
});

describe("onShardError: 'drop'", () => {
  it('orphans what the shard has, and what comes for it', async () => {
    const { log, send, source, messagesOf, workers } = through(eachMessage(later(1)), {
      mergeShards: { onShardError: 'drop' },
    });
    send(0, 1, 2);
    await vi.waitFor(() => expect(messagesOf('dead-letter')).toEqual([1]));
    send(3);
    expect(messagesOf('orphaned')).toEqual([2, 3]);
    source.complete();
    expect(log).toEqual([0, '|']);
    expect(workers.terminations).toEqual([1]);
  });
});
