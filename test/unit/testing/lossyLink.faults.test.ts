/** The faults of lossyLink beyond loss, delay and repeats. */
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
  const clock = new VirtualClock({ maxActions: 10_000_000 });
  const source = new Subject<Message>();
  const inputs: Message[] = [];
  const outputs: { readonly atMs: number; readonly message: Message }[] = [];
  const events: LinkEvent<Message>[] = [];
  source
    .pipe(lossyLink(faults, { seed, scheduler: clock, onEvent: (event) => events.push(event) }))
    .subscribe((message) => outputs.push({ atMs: clock.now(), message }));
  for (let seq = 0; seq < count; seq += 1) {
    clock.advanceTo(seq * gapMs);
    const message = { seq, sentMs: clock.now() };
    inputs.push(message);
    source.next(message);
  }
  source.complete();
  clock.flush();
  const delaysMs = outputs.map(({ atMs, message }) => atMs - message.sentMs);
  return { inputs, outputs, events, delaysMs, pending: clock.pending };
}

type Run = ReturnType<typeof send>;
const seqs = ({ outputs }: Run): number[] => outputs.map(({ message }) => message.seq);
const reasons = ({ events }: Run): unknown[] =>
  events.map((event) => event.kind === 'lost' && event.reason);
const upTo = (count: number): number[] => [...Array(count).keys()];
const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

describe('lossyLink', () => {
  it.each([
    [{ ratio: 0.1, goodRatio: 0.02, badRatio: 0.7, meanBurst: 20 }, 0.1],
    [{ ratio: 0.3, badRatio: 0.5, meanBurst: 5 }, 0.3],
    [{ ratio: 0.05, goodRatio: 0.05 }, 0.05],
    [{ ratio: 0.4, goodRatio: 0.4, badRatio: 0.4 }, 0.4],
  ])('loses the share asked for in good and bad times: %j', (loss, ratio) => {
    const { outputs } = send({ loss }, 200_000, { gapMs: 0 });
    expect((1 - outputs.length / 200_000) / ratio).toBeCloseTo(1, 1);
  });

  it('has bad times of the length asked for', () => {
    const loss = { ratio: 0.1, badRatio: 0.5, meanBurst: 40 };
    const arrived = new Set(seqs(send({ loss }, 200_000, { gapMs: 0 })));
    const isLost = upTo(200_000).map((seq) => !arrived.has(seq));
    // In a bad time half are lost; two losses k apart are in the same one with (1 - 1/L - share/((1-share) L))^k.
    const both = mean(isLost.map((lost, seq) => (lost && isLost[seq + 20] === true ? 1 : 0)));
    const stays = (1 - 1 / 40 - 0.2 / 0.8 / 40) ** 20;
    expect(both / (0.2 * (0.2 + 0.8 * stays) * 0.25)).toBeCloseTo(1, 1);
  });

  it('draws delays like those before them, with the same mean', () => {
    const delay = { kind: 'exponential', meanMs: 100 } as const;
    const run = send({ delay, delayCorrelation: 0.9 }, 50_000);
    const bySeq = [...run.outputs].sort((one, other) => one.message.seq - other.message.seq);
    const delays = bySeq.map(({ atMs, message }) => atMs - message.sentMs);
    expect(mean(delays) / 100).toBeCloseTo(1, 1);
    const off = delays.map((ms) => ms - mean(delays.slice(0, 5_000)));
    const likeness =
      mean(off.map((one, index) => one * (off[index - 1] ?? 0))) / mean(off.map((one) => one ** 2));
    expect(likeness).toBeGreaterThan(0.75);
  });

  it('lets some overtake', () => {
    const every = seqs(send({ delay: 10, reorder: { ratio: 1, every: 4 } }, 12, { gapMs: 5 }));
    expect(every).toEqual([0, 1, 3, 2, 4, 5, 7, 6, 8, 9, 11, 10]);
    const { delaysMs } = send({ delay: 10, reorder: 0.3 }, 20_000);
    expect(mean(delaysMs)).toBeCloseTo(7, 0);
  });

  it('has stragglers', () => {
    const { delaysMs } = send({ delay: 3, stragglers: { ratio: 0.01, delay: 500 } }, 20_000);
    expect(new Set(delaysMs)).toEqual(new Set([3, 500]));
    expect(delaysMs.filter((ms) => ms === 500).length / 200).toBeCloseTo(1, 0);
  });

  it('clogs, and lets go of everything in order, at once or one by one', () => {
    const clog = { ratio: 1, delay: 10 };
    const { outputs } = send({ clog }, 25, { gapMs: 1 });
    expect(outputs.map(({ message }) => message.seq)).toEqual(upTo(25));
    expect(outputs.map(({ atMs }) => atMs)).toEqual([
      ...Array<number>(10).fill(10),
      ...Array<number>(10).fill(20),
      ...Array<number>(5).fill(30),
    ]);
    const spaced = send({ clog: { ...clog, spacingMs: 4 } }, 3, { gapMs: 1 });
    expect(spaced.outputs.map(({ atMs }) => atMs)).toEqual([10, 14, 18]);
    const rare = send({ clog: { ratio: 0.01, delay: 50 } }, 20_000);
    expect(rare.delaysMs.filter((ms) => ms > 0).length).toBeGreaterThan(2_000);
  });

  it('loses the newest, or any, when its queue is full', () => {
    const newest = send({ delay: 10, queue: 3 }, 6, { gapMs: 0 });
    expect(seqs(newest)).toEqual([0, 1, 2]);
    expect(reasons(newest)).toEqual(['queue', 'queue', 'queue']);
    const later = send({ delay: 10, queue: 2 }, 8, { gapMs: 5 });
    expect(seqs(later)).toEqual(upTo(8));
    const queue = { capacity: 50, dropPolicy: 'random' } as const;
    const random = send({ delay: 10, queue }, 1_000, { gapMs: 0 });
    expect(random.outputs.length).toBe(50);
    expect(mean(seqs(random))).toBeGreaterThan(900);
    expect(seqs(random)).not.toEqual(upTo(1_000).slice(-50));
  });

  it('loses what it is told to', () => {
    const run = send({ drop: [0, 3], duplicate: 1 }, 5);
    expect(seqs(run)).toEqual([1, 1, 2, 2, 4, 4]);
    expect(reasons(run).filter((reason) => reason === 'drop').length).toBe(2);
  });

  it('heals', () => {
    const faults: LinkFaults = {
      ...{ loss: 1, delay: 50, duplicate: 1, tail: 2, resets: [40], healAtMs: 20 },
    };
    const run = send(faults, 30);
    expect(seqs(run)).toEqual(upTo(30).slice(20));
    expect(run.delaysMs.every((ms) => ms === 0)).toBe(true);
  });

  it('lets go of what might have been the last when it heals', () => {
    const clock = new VirtualClock();
    const source = new Subject<number>();
    const log: number[] = [];
    source
      .pipe(lossyLink({ tail: 3, healAtMs: 20 }, { scheduler: clock }))
      .subscribe(() => log.push(clock.now()));
    source.next(1);
    clock.advanceBy(100);
    expect([log, clock.pending]).toEqual([[20], 0]);
  });

  it('accounts for every message, whatever happens', () => {
    const faults: LinkFaults = {
      loss: { ratio: 0.1, meanBurst: 3, goodRatio: 0.01, badRatio: 0.6 },
      duplicate: { ratio: 0.2, copies: 2, delay: { kind: 'exponential', meanMs: 50 } },
      delay: { kind: 'paretonormal', meanMs: 30, deviationMs: 20 },
      ...{ delayCorrelation: 0.5, reorder: 0.1, stragglers: { ratio: 0.01, delay: 900 } },
      clog: { ratio: 0.01, delay: { kind: 'exponential', meanMs: 40 }, spacingMs: 2 },
      queue: { capacity: 20, dropPolicy: 'random' },
      ...{ drop: [7], resets: [300], tail: 4, healAtMs: 450 },
    };
    for (let seed = 1; seed <= 20; seed += 1) {
      const { inputs, outputs, events, pending } = send(faults, 500, { seed });
      const copies = events.flatMap((event) => (event.kind === 'copied' ? [event.message] : []));
      const delivered = outputs.map(({ message }) => message);
      const account = accountFor([...inputs, ...copies], delivered, events);
      expect(account.problem).toBeUndefined();
      expect(pending).toBe(0);
    }
  });

  it.each<[string, LinkFaults]>([
    ['loss.goodRatio', { loss: { ratio: 0.1, goodRatio: 0.2 } }],
    ['loss.badRatio', { loss: { ratio: 0.1, badRatio: 0.05 } }],
    ['loss.meanBurst', { loss: { ratio: 0.4, badRatio: 0.5, meanBurst: 2 } }],
    ['delayCorrelation', { delayCorrelation: 1 }],
    ['delay.deviationMs', { delay: { kind: 'paretonormal', meanMs: 1 } as never }],
    ['reorder.ratio', { reorder: 2 }],
    ['reorder.every', { reorder: { ratio: 1, every: 0 } }],
    ['stragglers.ratio', { stragglers: { ratio: -1, delay: 5 } }],
    ['stragglers.delay.ms', { stragglers: { ratio: 1, delay: NaN } }],
    ['clog.ratio', { clog: { ratio: 2, delay: 5 } }],
    ['clog.delay.kind', { clog: { ratio: 1, delay: { kind: 'cauchy' } as never } }],
    ['clog.spacingMs', { clog: { ratio: 1, delay: 5, spacingMs: -1 } }],
    ['queue.capacity', { queue: 0 }],
    ['queue.dropPolicy', { queue: { capacity: 5, dropPolicy: 'oldest' as 'newest' } }],
    ['drop.1', { drop: [1, -1] }],
    ['healAtMs', { healAtMs: -1 }],
  ])('refuses a bad %s', (option, faults) => {
    expect(() => lossyLink(faults)).toThrow(OptionError);
    expect(() => lossyLink(faults)).toThrow(`lossyLink: option \`${option}\``);
  });
});
