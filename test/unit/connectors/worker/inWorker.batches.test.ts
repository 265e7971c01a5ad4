import { setTimeout as wait } from 'node:timers/promises';
import { map, NEVER, timer } from 'rxjs';
import { eachMessage } from 'rxjs-reliable';
import { VirtualClock } from 'rxjs-reliable/testing';
import { describe, expect, it, vi } from 'vitest';
import { settled } from '../../../support/workerInThread.js';
import { through } from '../../../support/workerRig.js';

const upTo = (count: number): number[] => Array.from({ length: count }, (_, index) => index);
const identity = eachMessage((n: number) => [n]);
const stuck = eachMessage((): typeof NEVER => NEVER);
const sizesOf = (batches: readonly (readonly unknown[])[]): number[] =>
  batches.map(({ length }) => length);

describe('messages', () => {
  it.each([
    [1, [1, 1, 1, 1, 1]],
    [2, [2, 2, 1]],
    [5, [5]],
    [64, [5]],
  ])('are sent %d together', async (maxBatch, sizes) => {
    const { sendAll, workers, log } = through(identity, { inWorker: { maxBatch } });
    await sendAll(...upTo(5));
    expect(sizesOf(workers.last.batches)).toEqual(sizes);
    expect(log).toEqual([...upTo(5), '|']);
  });

  it('of one turn are sent together at its end', async () => {
    const { send, workers } = through(identity);
    await settled();
    send(0, 1);
    expect(workers.last.batches).toEqual([]);
    await settled();
    send(2);
    await settled();
    expect(workers.last.batches).toEqual([[0, 1], [2]]);
  });

  it('wait for others as long as they may', async () => {
    const scheduler = new VirtualClock();
    const { send, workers, log } = through(identity, {
      inWorker: { maxWaitMs: 50, maxBatch: 3, scheduler },
    });
    await settled();
    send(0);
    scheduler.advanceBy(49);
    send(1);
    expect(workers.last.batches).toEqual([]);
    scheduler.advanceBy(1);
    expect(workers.last.batches).toEqual([[0, 1]]);
    send(2, 3, 4, 5);
    expect(workers.last.batches.slice(1)).toEqual([[2, 3, 4]]);
    scheduler.advanceBy(50);
    expect(workers.last.batches.slice(2)).toEqual([[5]]);
    await settled();
    expect(log).toEqual(upTo(6));
  });

  it('do not wait when the source has completed', async () => {
    const scheduler = new VirtualClock();
    const { sendAll, log } = through(identity, { inWorker: { maxWaitMs: 60_000, scheduler } });
    await sendAll(0, 1);
    expect(log).toEqual([0, 1, '|']);
    expect(scheduler.pending).toBe(0);
  });

  it('leave no timer behind', async () => {
    const endings = ['unsubscribe', 'crash', 'error'] as const;
    for (const ending of endings) {
      const scheduler = new VirtualClock();
      const rig = through(identity, { inWorker: { maxWaitMs: 50, scheduler } });
      await settled();
      rig.send(0);
      expect(scheduler.pending).toBe(1);
      if (ending === 'unsubscribe') rig.subscription.unsubscribe();
      else if (ending === 'crash') rig.workers.last.exit(1);
      else rig.source.error(new Error('source'));
      expect(scheduler.pending).toBe(0);
      expect(rig.workers.terminations).toEqual([1]);
    }
  });
});

describe('results', () => {
  it('of a batch come together', async () => {
    const { sendAll, workers } = through(identity, { inWorker: { maxBatch: 10 } });
    await sendAll(...upTo(30));
    const answers = workers.last.said.filter(({ kind }) => kind === 'answers');
    // A slow machine may need a millisecond for ten messages.
    expect(answers.length).toBeLessThan(20);
    expect(answers.length).toBeGreaterThanOrEqual(3);
  });

  it('that came by themselves wait for others as long as they may', async () => {
    const pipeline = eachMessage((n: number) => timer(n).pipe(map(() => n)), { concurrency: 9 });
    const { send, workers, log } = through(pipeline, { inWorker: { maxWaitMs: 100 } });
    send(1, 3, 5, 7);
    await vi.waitFor(() => expect(log).toEqual([1, 3, 5, 7]), { interval: 5 });
    const answers = workers.last.said.filter(
      (message) => message.kind === 'answers' && message.values.length > 0,
    );
    expect(answers).toHaveLength(1);
  });
});

describe('what a worker has not begun', () => {
  it.each([
    [1, 1],
    [2, 64],
    [5, 2],
    [256, 64],
  ])('is at most %d messages, in batches of %d; others wait', async (maxInFlight, maxBatch) => {
    const { send, workers, shards } = through(stuck, { inWorker: { maxInFlight, maxBatch } });
    send(...upTo(1_000));
    await settled();
    // One is begun.
    expect(workers.last.batches.flat()).toEqual(upTo(maxInFlight + 1));
    expect(shards[0]?.pending).toBe(1_000);
    send(1_000);
    await settled();
    expect(workers.last.batches.flat()).toHaveLength(maxInFlight + 1);
  });

  it('is never more, whatever comes back', async () => {
    const maxInFlight = 4;
    const begun: number[] = [];
    const { send, workers, log, source } = through(
      eachMessage(
        (n: number) => {
          begun.push(n);
          const ahead = workers.last.batches.flat().length - begun.length;
          expect(ahead).toBeLessThanOrEqual(maxInFlight);
          return n % 3 === 0 ? [n] : timer(0).pipe(map(() => n));
        },
        { concurrency: 2 },
      ),
      { inWorker: { maxInFlight, maxBatch: 3 } },
    );
    send(...upTo(50));
    source.complete();
    await vi.waitFor(() => expect(log.at(-1)).toBe('|'), 5_000);
    expect(log).toEqual([...upTo(50), '|']);
    expect(begun).toEqual(upTo(50));
  });

  it('is what cannot be dropped any more, unlike what waits', async () => {
    const { send, messagesOf, workers } = through(stuck, {
      shardBy: { maxPending: 4, overflowPolicy: 'drop-oldest' },
      inWorker: { maxInFlight: 1 },
    });
    send(0, 1, 2);
    await settled();
    expect(workers.last.batches).toEqual([[0], [1]]);
    send(3, 4, 5);
    expect(messagesOf('overflow')).toEqual([2, 3]);
    await settled();
    expect(workers.last.batches).toEqual([[0], [1]]);
  });

  it('counts again for each worker', async () => {
    const { send, workers, messagesOf } = through(stuck, {
      mergeShards: { onShardError: 'restart' },
      inWorker: { maxInFlight: 2, maxBatch: 2, crashPolicy: 'resend' },
    });
    send(...upTo(9));
    await settled();
    workers.last.exit(1);
    await settled();
    expect(workers.workers.map(({ batches }) => batches.flat())).toEqual([upTo(3), upTo(3)]);
    expect(messagesOf('dead-letter')).toEqual([]);
    await wait(0);
  });
});
