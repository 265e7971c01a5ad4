import { Subject } from 'rxjs';
import { OptionError } from 'rxjs-reliable';
import {
  accountFor,
  type LinkEvent,
  type LinkFaults,
  lossyLink,
  VirtualClock,
} from 'rxjs-reliable/testing';
import { describe, expect, it } from 'vitest';

interface Message {
  readonly seq: number;
  readonly sentMs: number;
}

/** Sends messages `gapMs` apart, completes, and tells what came out when. */
function send(faults: LinkFaults, count: number, { seed = 1, gapMs = 1 } = {}) {
  const clock = new VirtualClock();
  const source = new Subject<Message>();
  const inputs: Message[] = [];
  const outputs: { readonly atMs: number; readonly message: Message }[] = [];
  const events: LinkEvent<Message>[] = [];
  let mostTimers = 0;
  let completedMs = NaN;
  source
    .pipe(lossyLink(faults, { seed, scheduler: clock, onEvent: (event) => events.push(event) }))
    .subscribe({
      next: (message) => outputs.push({ atMs: clock.now(), message }),
      complete: () => (completedMs = clock.now()),
    });
  for (let seq = 0; seq < count; seq += 1) {
    clock.advanceTo(seq * gapMs);
    const message = { seq, sentMs: clock.now() };
    inputs.push(message);
    source.next(message);
    mostTimers = Math.max(mostTimers, clock.pending);
  }
  source.complete();
  clock.flush();
  const delaysMs = outputs.map(({ atMs, message }) => atMs - message.sentMs);
  return { inputs, outputs, events, delaysMs, mostTimers, completedMs, pending: clock.pending };
}

const seqs = (outputs: readonly { readonly message: Message }[]): number[] =>
  outputs.map(({ message }) => message.seq);

/** Share of messages lost and mean length of runs of lost ones. */
function lossOf(delivered: readonly number[], count: number): { ratio: number; burst: number } {
  const arrived = new Set(delivered);
  let [lost, bursts, wasLost] = [0, 0, false];
  for (let seq = 0; seq < count; seq += 1) {
    const isLost = !arrived.has(seq);
    if (isLost) lost += 1;
    if (isLost && !wasLost) bursts += 1;
    wasLost = isLost;
  }
  return { ratio: lost / count, burst: lost / bursts };
}

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

describe('lossyLink', () => {
  it('without faults passes everything on in the same call, without a timer', () => {
    const { outputs, delaysMs, mostTimers, events } = send({}, 100);
    expect(seqs(outputs)).toEqual([...Array(100).keys()]);
    expect(Math.max(...delaysMs)).toBe(0);
    expect([mostTimers, events]).toEqual([0, []]);
  });

  describe('loses', () => {
    it.each([
      [0.05, undefined, 1 / 0.95],
      [0.3, undefined, 1 / 0.7],
      [0.05, 4, 4],
      [0.2, 10, 10],
      [0.6, 1.5, 1.5],
    ])('%d of the messages in bursts of mean length %s', (ratio, meanBurst, expectedBurst) => {
      const count = 100_000;
      const loss = meanBurst === undefined ? ratio : { ratio, meanBurst };
      const { outputs } = send({ loss }, count, { gapMs: 0 });
      const lost = lossOf(seqs(outputs), count);
      expect(lost.ratio / ratio).toBeCloseTo(1, 1);
      expect(lost.burst / expectedBurst).toBeCloseTo(1, 1);
    });

    it('everything or nothing at the ends of the scale', () => {
      expect(send({ loss: 1 }, 50).outputs).toEqual([]);
      expect(send({ loss: 0 }, 50).outputs.length).toBe(50);
    });

    it('what is sent in a blackout, its end not included', () => {
      const { outputs, events } = send({ blackout: { fromMs: 3, toMs: 6 } }, 9);
      expect(seqs(outputs)).toEqual([0, 1, 2, 6, 7, 8]);
      expect(events).toMatchObject(
        Array(3).fill({ kind: 'lost', reason: 'blackout', passed: false }),
      );
    });

    it('the last ones', () => {
      const { outputs, events } = send({ tail: 3, delay: 2 }, 10);
      expect(seqs(outputs)).toEqual([0, 1, 2, 3, 4, 5, 6]);
      expect(events.map((event) => event.kind === 'lost' && event.reason)).toEqual(
        Array(3).fill('tail'),
      );
      expect(send({ tail: 30 }, 10).outputs).toEqual([]);
    });

    it('what is in flight at a reset', () => {
      const { outputs, events } = send({ delay: 5, resets: [20, 10] }, 30);
      const lost = [5, 6, 7, 8, 9, 15, 16, 17, 18, 19];
      expect(events.map(({ message }) => message.seq).sort((one, other) => one - other)).toEqual(
        lost,
      );
      expect(events.every((event) => event.kind === 'lost' && event.reason === 'reset')).toBe(true);
      expect(seqs(outputs)).toEqual([...Array(30).keys()].filter((seq) => !lost.includes(seq)));
    });
  });

  describe('delays', () => {
    it.each<[string, LinkFaults['delay'], number, number]>([
      ['constant', 20, 20, 20],
      ['uniform', { kind: 'uniform', minMs: 10, maxMs: 30 }, 20, 30],
      ['exponential', { kind: 'exponential', meanMs: 20 }, 20, 60_000],
      [
        'exponential, capped',
        { kind: 'exponential', meanMs: 20, maxMs: 20 },
        20 * (1 - Math.exp(-1)),
        20,
      ],
      ['normal', { kind: 'normal', meanMs: 50, deviationMs: 5 }, 50, 80],
      ['pareto', { kind: 'pareto', minMs: 20, shape: 3 }, 30, 60_000],
    ])('%s', (_, delay, expectedMeanMs, mostMs) => {
      const { delaysMs, mostTimers, outputs } = send({ delay }, 50_000);
      expect(outputs.length).toBe(50_000);
      expect(mean(delaysMs) / expectedMeanMs).toBeCloseTo(1, 1);
      expect(delaysMs.reduce((most, ms) => Math.max(most, ms), 0)).toBeLessThanOrEqual(mostMs);
      expect(delaysMs.every((ms) => Number.isInteger(ms) && ms >= 0)).toBe(true);
      expect(mostTimers).toBe(1);
    });

    it('so that messages overtake each other, but not at a constant delay', () => {
      const isSorted = (delay: LinkFaults['delay']): boolean => {
        const order = seqs(send({ delay }, 200).outputs);
        return order.every((seq, index) => seq === index);
      };
      expect(isSorted(50)).toBe(true);
      expect(isSorted({ kind: 'uniform', minMs: 0, maxMs: 50 })).toBe(false);
    });

    it('and completes when the last message has arrived', () => {
      const { completedMs, outputs, pending } = send({ delay: 40 }, 3);
      expect([completedMs, outputs.at(-1)?.atMs, pending]).toEqual([42, 42, 0]);
    });
  });

  describe('repeats', () => {
    it('the share asked for', () => {
      const { outputs, events } = send({ duplicate: 0.2 }, 50_000);
      expect((outputs.length - 50_000) / 10_000).toBeCloseTo(1, 1);
      expect(events.filter(({ kind }) => kind === 'copied').length).toBe(outputs.length - 50_000);
    });

    it('as often as asked, each with a delay of its own', () => {
      const duplicate = {
        ratio: 1,
        copies: 3,
        delay: { kind: 'uniform', minMs: 0, maxMs: 90 },
      } as const;
      const { outputs } = send({ duplicate, delay: 30 }, 500);
      expect(outputs.length).toBe(2_000);
      const first = outputs.find(({ message }) => message.seq === 7);
      expect(first?.atMs).toBeLessThan(37);
    });

    it('only what was not lost', () => {
      const { outputs } = send({ duplicate: 1, loss: 0.5 }, 1_000);
      const counts = new Map<number, number>();
      for (const seq of seqs(outputs)) counts.set(seq, (counts.get(seq) ?? 0) + 1);
      expect(new Set(counts.values())).toEqual(new Set([2]));
    });
  });

  it('accounts for every message, whatever happens', () => {
    const faults: LinkFaults = {
      loss: { ratio: 0.1, meanBurst: 3 },
      duplicate: { ratio: 0.2, copies: 2, delay: { kind: 'exponential', meanMs: 50 } },
      delay: { kind: 'pareto', minMs: 5, shape: 1.5 },
      blackout: { fromMs: 100, toMs: 150 },
      resets: [300],
      tail: 4,
    };
    for (let seed = 1; seed <= 20; seed += 1) {
      const { inputs, outputs, events } = send(faults, 500, { seed });
      const copies = events.flatMap((event) => (event.kind === 'copied' ? [event.message] : []));
      const delivered = outputs.map(({ message }) => message);
      const account = accountFor([...inputs, ...copies], delivered, events);
      expect(account.problem).toBeUndefined();
      expect(account.dropped['lost']).toBeGreaterThan(54);
    }
  });

  it('goes the same way for one seed, another for another', () => {
    const faults: LinkFaults = { loss: 0.3, delay: { kind: 'exponential', meanMs: 9 } };
    const way = (seed: number): unknown => send(faults, 200, { seed }).outputs;
    expect(way(5)).toEqual(way(5));
    expect(way(5)).not.toEqual(way(6));
  });

  it('keeps the other faults as they were when one is changed', () => {
    const delay = { kind: 'exponential', meanMs: 9 } as const;
    const timesOf = (faults: LinkFaults): Map<number, number> =>
      new Map(send(faults, 300).outputs.map(({ atMs, message }) => [message.seq, atMs]));
    const all = timesOf({ delay });
    const some = timesOf({ delay, loss: 0.3 });
    expect(some.size).toBeLessThan(300);
    for (const [seq, atMs] of some) expect(all.get(seq)).toBe(atMs);
  });

  it.each<[string, LinkFaults, object?]>([
    ['loss.ratio', { loss: 1.1 }],
    ['loss.ratio', { loss: { ratio: NaN } }],
    ['loss.meanBurst', { loss: { ratio: 0.9, meanBurst: 2 } }],
    ['loss.meanBurst', { loss: { ratio: 0.1, meanBurst: 0.5 } }],
    ['duplicate.ratio', { duplicate: -1 }],
    ['duplicate.copies', { duplicate: { ratio: 1, copies: 0 } }],
    ['duplicate.delay.ms', { duplicate: { ratio: 1, delay: Infinity } }],
    ['delay.ms', { delay: -1 }],
    ['delay.kind', { delay: { kind: 'cauchy' } as never }],
    ['delay.meanMs', { delay: { kind: 'exponential', meanMs: NaN } }],
    ['delay.deviationMs', { delay: { kind: 'normal', meanMs: 1 } as never }],
    ['delay.maxMs', { delay: { kind: 'uniform', minMs: 5, maxMs: 4 } }],
    ['delay.shape', { delay: { kind: 'pareto', minMs: 5, shape: 0 } }],
    ['blackout.toMs', { blackout: { fromMs: 5, toMs: 4 } }],
    ['resets.1', { resets: [1, NaN] }],
    ['tail', { tail: -1 }],
    ['seed', {}, { seed: 0.5 }],
    ['scheduler', {}, { scheduler: {} }],
    ['onEvent', {}, { onEvent: 1 }],
    ['options', null as never],
  ])('refuses a bad %s', (option, faults, options) => {
    expect(() => lossyLink(faults, options)).toThrow(OptionError);
    expect(() => lossyLink(faults, options)).toThrow(`lossyLink: option \`${option}\``);
  });
});
