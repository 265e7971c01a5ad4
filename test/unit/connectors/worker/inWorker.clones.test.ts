import { map, of, startWith } from 'rxjs';
import { eachMessage, mergeShards, shardBy } from 'rxjs-reliable';
import { inWorker, type InWorkerEvent } from 'rxjs-reliable/worker';
import { describe, expect, it } from 'vitest';
import { record } from '../../../support/record.js';
import { settled, workersWith } from '../../../support/workerInThread.js';
import { errorOf, through, throughWorkers } from '../../../support/workerRig.js';

const uncloneable = (): number => 1;
const identity = eachMessage((message: unknown) => [message]);
/** A function for every third number. */
const hidden = (n: number): unknown => (n % 3 === 1 ? uncloneable : n);
const isCloneError = expect.objectContaining({ name: 'DataCloneError' }) as unknown;

describe('a message that cannot be cloned', () => {
  it.each([1, 2, 64])('is given up, its neighbours are not, in batches of %d', async (maxBatch) => {
    const { log, sendAll, events, shards } = through(identity, { inWorker: { maxBatch } });
    await sendAll(0, uncloneable, 2, uncloneable, 4);
    expect(log).toEqual([0, 2, 4, '|']);
    const letters = events.filter(({ kind }) => kind === 'dead-letter');
    expect(letters).toHaveLength(2);
    expect(letters[0]).toMatchObject({ message: uncloneable, shard: 0, passed: false });
    expect(letters[0]).toMatchObject({ error: isCloneError });
    expect(shards[0]?.pending).toBe(0);
  });

  it('does not hold up others, of its shard or another, nor take their room', async () => {
    const { log, send } = through(identity, {
      shardBy: { shards: 2 },
      inWorker: { maxInFlight: 1 },
    });
    send(uncloneable, 1, uncloneable, 3, uncloneable, 5, 6);
    await settled();
    expect(log).toEqual([1, 3, 5, 6]);
  });

  it('does not restart the pipeline', async () => {
    const { sendAll, workers, told } = through(identity, {
      mergeShards: { onShardError: 'restart' },
    });
    await sendAll(uncloneable);
    expect(workers.workers).toHaveLength(1);
    expect(told().map((text) => text.split(' ')[0])).toEqual(['dead-letter', 'shard-complete']);
  });
});

describe('a result that cannot be cloned', () => {
  it.each([
    ['eachMessage', eachMessage((n: number) => [hidden(n)])],
    [
      'a plain pipeline',
      (shard: Parameters<typeof identity>[0]) => shard.pipe(map(hidden as (m: unknown) => unknown)),
    ],
  ] as const)('of %s has its message given up, not its neighbours', async (_, pipeline) => {
    const { log, sendAll, events, messagesOf, shards } = through(pipeline as typeof identity);
    await sendAll(0, 1, 2, 3, 4, 5);
    expect(log).toEqual([0, 2, 3, 5, '|']);
    expect(messagesOf('dead-letter')).toEqual([1, 4]);
    expect(events[0]).toMatchObject({ kind: 'dead-letter', error: isCloneError });
    expect(shards[0]?.pending).toBe(0);
  });

  it('among others of a message leaves those', async () => {
    const { log, sendAll, messagesOf } = through(eachMessage((n: number) => [n, hidden(n), -n]));
    await sendAll(0, 1, 2);
    expect(log).toEqual([0, 0, -0, 1, -1, 2, 2, -2, '|']);
    expect(messagesOf('dead-letter')).toEqual([1]);
  });

  it('and is no message’s fails the pipeline', async () => {
    const { log, sendAll, messagesOf } = through<unknown, unknown>((shard) =>
      shard.pipe(startWith(uncloneable)),
    );
    await sendAll(0);
    expect(errorOf(log).cause).toEqual(isCloneError);
    expect(messagesOf('dead-letter')).toEqual([]);
  });
});

describe('transfer', () => {
  const bytes = (size: number): Uint8Array => new Uint8Array(size).fill(7);

  it('hands buffers over instead of copying them, both ways', async () => {
    const inside: Uint8Array[] = [];
    const workers = workersWith<Uint8Array, Uint8Array>(
      (shard) =>
        shard.pipe(
          map((message) => {
            inside.push(message);
            return message;
          }),
        ),
      { transfer: ({ buffer }) => [buffer] },
    );
    const messages = [bytes(3), bytes(5)];
    const { log, sendAll } = throughWorkers<Uint8Array, Uint8Array, (typeof workers)['last']>(
      workers,
      { inWorker: { transfer: ({ buffer }) => [buffer] } },
    );
    await sendAll(...messages);
    expect(log).toEqual([bytes(3), bytes(5), '|']);
    expect(messages.map(({ byteLength }) => byteLength)).toEqual([0, 0]);
    expect(inside.map(({ byteLength }) => byteLength)).toEqual([0, 0]);
  });

  it('is not done without being asked for', async () => {
    const message = bytes(3);
    const { sendAll } = through<Uint8Array, Uint8Array>((shard) => shard);
    await sendAll(message);
    expect(message.byteLength).toBe(3);
  });

  it('of what is gone already ends the stream: Node posts what cannot be read', async () => {
    const message = bytes(3);
    const { log, sendAll, messagesOf } = through<Uint8Array, number>(
      (shard) => shard.pipe(map(({ byteLength }) => byteLength)),
      { inWorker: { transfer: ({ buffer }) => [buffer] } },
    );
    await sendAll(bytes(1), message, message, bytes(2));
    expect(log.slice(0, 2)).toEqual([1, 3]);
    expect(errorOf(log).cause).toMatchObject({
      message: 'exposePipeline: messages could not be read',
    });
    // Nobody knows which it was.
    expect(messagesOf('dead-letter')).toEqual([]);
    expect(messagesOf('discarded')).toContain(message);
  });

  it.each(['fail', 'restart'] as const)(
    'that throws blames the message it was asked about, under %s',
    async (onShardError) => {
      const { log, sendAll, messagesOf } = through<number, number>((shard) => shard, {
        mergeShards: { onShardError },
        inWorker: {
          transfer: (n) => {
            if (n === 2) throw new RangeError('no transfer');
            return [];
          },
        },
      });
      await sendAll(0, 1, 2, 3);
      expect(messagesOf('dead-letter')).toEqual([2]);
      if (onShardError === 'restart') expect(log).toEqual([0, 1, 3, '|']);
      else expect(errorOf(log).cause).toMatchObject({ name: 'RangeError' });
    },
  );

  it('of results that throws blames their message', async () => {
    const workers = workersWith<number, number>((shard) => shard, {
      transfer: (n) => {
        if (n === 2) throw new RangeError('no transfer');
        return [];
      },
    });
    const { log, sendAll, messagesOf } = throughWorkers<number, number, (typeof workers)['last']>(
      workers,
      { mergeShards: { onShardError: 'restart' } },
    );
    await sendAll(0, 1, 2, 3);
    expect(log).toEqual([0, 1, 3, '|']);
    expect(messagesOf('dead-letter')).toEqual([2]);
  });
});

describe('steps behind inWorker', () => {
  it('keep its errors as they are, and onEvent hears what mergeShards cannot', async () => {
    const heard: InWorkerEvent<unknown, unknown>[] = [];
    const merged: unknown[] = [];
    const workers = workersWith(identity);
    const log = record(
      of(0, uncloneable, 2).pipe(
        shardBy('round-robin', { shards: 1 }),
        mergeShards(
          (shard) =>
            shard.pipe(
              inWorker(workers.spawn, { onEvent: (event) => heard.push(event) }),
              map((n) => [n]),
            ),
          {
            order: 'source',
            onEvent: (event) => merged.push(event.kind),
          },
        ),
      ),
    );
    await settled();
    expect(log).toEqual([[0], [2], '|']);
    expect(heard).toEqual([
      {
        kind: 'dead-letter',
        message: uncloneable,
        error: isCloneError,
        shard: 0,
        key: undefined,
        passed: false,
      },
    ]);
    expect(merged).toEqual(['shard-complete']);
  });

  it('end with what onEvent throws', async () => {
    const thrown = new Error('listener');
    const workers = workersWith(identity);
    const log = record(
      of(uncloneable).pipe(
        shardBy('round-robin', { shards: 1 }),
        mergeShards((shard) =>
          shard.pipe(
            inWorker(workers.spawn, {
              onEvent: () => {
                throw thrown;
              },
            }),
            map((n) => n),
          ),
        ),
      ),
    );
    await settled();
    expect(errorOf(log).cause).toBe(thrown);
    expect(workers.terminations).toEqual([1]);
  });
});
