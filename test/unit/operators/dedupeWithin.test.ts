import { distinct, from, of, Subject } from 'rxjs';
import { dedupeWithin } from 'rxjs-reliable';
import { operatorContract } from 'rxjs-reliable/testing';
import { describe, expect, it } from 'vitest';
import { deduping, duplicate } from '../../support/dedupeRig.js';

const self = (n: number): number => n;

operatorContract('dedupeWithin a time', ({ scheduler }) => dedupeWithin(1_000, { scheduler }), {
  describe,
  it,
  callbacks: {
    keyBy: { make: (_, fail) => dedupeWithin(1_000, { keyBy: fail }) },
    onEvent: { make: (_, fail) => dedupeWithin(1_000, { onEvent: fail }), messages: [1, 1] },
  },
});
operatorContract('dedupeWithin a count', () => dedupeWithin({ kind: 'count', count: 100 }), {
  describe,
  it,
  callbacks: {
    keyBy: { make: (_, fail) => dedupeWithin({ kind: 'count', count: 1 }, { keyBy: fail }) },
  },
});
operatorContract(
  'dedupeWithin a watermark',
  () => dedupeWithin({ kind: 'watermark', eventTimeOf: self, delayMs: 100 }),
  {
    describe,
    it,
    callbacks: {
      eventTimeOf: {
        make: (_, fail) => dedupeWithin({ kind: 'watermark', eventTimeOf: fail, delayMs: 100 }),
      },
    },
  },
);
operatorContract(
  'dedupeWithin a sequence',
  () => dedupeWithin({ kind: 'sequence', sequenceOf: self, size: 64 }),
  {
    describe,
    it,
    callbacks: {
      sequenceOf: {
        make: (_, fail) => dedupeWithin({ kind: 'sequence', sequenceOf: fail, size: 64 }),
      },
      epochOf: {
        make: (_, fail) =>
          dedupeWithin({ kind: 'sequence', sequenceOf: self, size: 64, epochOf: fail }),
      },
      keyBy: {
        make: (_, fail) =>
          dedupeWithin({ kind: 'sequence', sequenceOf: self, size: 64 }, { keyBy: fail }),
      },
    },
  },
);

describe('dedupeWithin a time', () => {
  it('passes the first of each key at once and drops its repeats', () => {
    const rig = deduping(100).send('a', 'b', 'a').sendAt(40, 'b', 'c');
    expect(rig.log).toStrictEqual([
      [0, 'next', 'a'],
      [0, 'next', 'b'],
      [0, 'event', duplicate('a', 0, 0)],
      [40, 'event', duplicate('b', 0, 40)],
      [40, 'next', 'c'],
    ]);
  });

  it('takes a plain number for a window of time', () => {
    const short = deduping(100).send('a').sendAt(99, 'a').sendAt(100, 'a');
    const long = deduping({ kind: 'time', ms: 100 }).send('a').sendAt(99, 'a').sendAt(100, 'a');
    expect(short.log).toEqual(long.log);
  });

  it('drops a repeat 1 ms before the time is over and passes one exactly then', () => {
    const rig = deduping(100).send('a').sendAt(99, 'a').sendAt(100, 'a').sendAt(199, 'a');
    expect(rig.log).toEqual([
      [0, 'next', 'a'],
      [99, 'event', duplicate('a', 0, 99)],
      [100, 'next', 'a'],
      [199, 'event', duplicate('a', 100, 99)],
    ]);
  });

  it('knows fractions of ms', () => {
    const rig = deduping(0.5).send('a').sendAt(0.25, 'a').sendAt(0.5, 'a');
    expect(rig.values).toEqual(['a', 'a']);
  });

  it('counts from the first, not from the last', () => {
    const rig = deduping(100);
    for (let at = 0; at <= 300; at += 60) rig.sendAt(at, 'a');
    expect(rig.log.filter(([, kind]) => kind === 'next').map(([at]) => at)).toEqual([0, 120, 240]);
  });

  it('counts from the last with refresh, and still tells when the first was', () => {
    const rig = deduping({ kind: 'time', ms: 100, refresh: true });
    rig.send('a').sendAt(99, 'a').sendAt(198, 'a').sendAt(298, 'a');
    expect(rig.log).toEqual([
      [0, 'next', 'a'],
      [99, 'event', duplicate('a', 0, 99)],
      [198, 'event', duplicate('a', 0, 198)],
      [298, 'next', 'a'],
    ]);
  });

  it('drops nothing with 0 ms', () => {
    const rig = deduping(0).send('a', 'a', 'a');
    expect(rig.values).toEqual(['a', 'a', 'a']);
    expect(rig.events).toEqual([]);
  });

  it('is rxjs distinct with Infinity', () => {
    const messages = Array.from({ length: 1_000 }, (_, n) => (n * n) % 37);
    const [ours, theirs]: [number[], number[]] = [[], []];
    from(messages)
      .pipe(dedupeWithin(Infinity))
      .subscribe((n) => ours.push(n));
    from(messages)
      .pipe(distinct())
      .subscribe((n) => theirs.push(n));
    expect(ours).toEqual(theirs);
  });

  it("only reports repeats with repeatPolicy 'pass'", () => {
    const rig = deduping(100, { repeatPolicy: 'pass' }).send('a').sendAt(30, 'a');
    expect(rig.log).toStrictEqual([
      [0, 'next', 'a'],
      [30, 'event', duplicate('a', 0, 30, true)],
      [30, 'next', 'a'],
    ]);
  });

  it('refreshes at repeats that pass, too', () => {
    const window = { kind: 'time', ms: 100, refresh: true } as const;
    const rig = deduping(window, { repeatPolicy: 'pass' });
    rig.send('a').sendAt(60, 'a').sendAt(120, 'a');
    expect(rig.events).toHaveLength(2);
  });

  it('never sets a timer', () => {
    const rig = deduping(100).send('a', 'b', 'a');
    expect(rig.clock.pending).toBe(0);
    rig.sendAt(50, 'a');
    expect(rig.clock.pending).toBe(0);
  });

  it('remembers no longer than it should when the clock steps back', () => {
    const rig = deduping(100).sendAt(1_000, 'a');
    rig.clock.stepBack(500);
    rig.send('x');
    rig.clock.advanceBy(99);
    rig.send('a');
    expect(rig.values).toEqual(['a', 'x']);
    rig.clock.advanceBy(1);
    rig.send('a');
    expect(rig.values).toEqual(['a', 'x', 'a']);
  });
});

describe('dedupeWithin at the ends of the stream', () => {
  it('completes and errors when the source does', () => {
    expect(deduping(100).send('a').complete().log.at(-1)).toEqual([0, 'complete']);
    const error = new Error('gone');
    const failed = deduping(100).send('a').fail(error);
    expect(failed.error).toBe(error);
    expect(failed.isClean).toBe(true);
  });

  it('uses no state twice when one operator serves several subscriptions', () => {
    const operator = dedupeWithin<string>(100);
    const out: string[] = [];
    of('a', 'a')
      .pipe(operator)
      .subscribe((m) => out.push(m));
    of('a', 'a')
      .pipe(operator)
      .subscribe((m) => out.push(m));
    expect(out).toEqual(['a', 'a']);
  });

  it('is deaf after it was unsubscribed', () => {
    const rig = deduping(100).send('a');
    rig.subscription.unsubscribe();
    rig.send('b', 'a');
    expect(rig.log).toEqual([[0, 'next', 'a']]);
    expect(rig.isClean).toBe(true);
  });

  it('stops at once when onEvent unsubscribes', () => {
    const source = new Subject<string>();
    const out: string[] = [];
    const onEvent = (): void => subscription.unsubscribe();
    const subscription = source
      .pipe(dedupeWithin(100, { repeatPolicy: 'pass', onEvent }))
      .subscribe((m) => out.push(m));
    for (const m of ['a', 'a', 'b']) source.next(m);
    expect(out).toEqual(['a']);
  });

  it('handles what is sent to it while it emits afterwards', () => {
    const source = new Subject<number>();
    const out: number[] = [];
    source.pipe(dedupeWithin(100)).subscribe((n) => {
      if (n === 1) for (const again of [1, 2, 1]) source.next(again);
      out.push(n);
    });
    source.next(1);
    expect(out).toEqual([1, 2]);
  });
});
