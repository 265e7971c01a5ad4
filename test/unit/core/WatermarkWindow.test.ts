import { describe, expect, it } from 'vitest';
import type { DedupeWithinEvent } from '../../../src/core/DedupeEvent.js';
import {
  WatermarkWindow,
  type WatermarkWindowSettings,
} from '../../../src/core/WatermarkWindow.js';
import { LateMessageError } from '../../../src/errors.js';
import { SeededRandom } from '../../../src/testing/SeededRandom.js';
import { Feed } from '../../support/machines.js';
import { Sink } from '../../support/Sink.js';

/** A key and an event time. */
type Dated = readonly [key: string, time: number];

class Rig extends Feed<Dated> {
  constructor(
    options: Partial<WatermarkWindowSettings<Dated, string>> = {},
    readonly sink = new Sink<Dated, DedupeWithinEvent<Dated, string>>(),
    isReporting = true,
  ) {
    super(
      new WatermarkWindow<Dated, string>(
        {
          keyBy: ([key]) => key,
          eventTimeOf: ([, time]) => time,
          maxKeys: 100,
          repeatPolicy: 'drop',
          latePolicy: 'drop',
          delayMs: 100,
          maxSkewMs: Infinity,
          ...options,
        },
        sink,
        isReporting ? sink.report : undefined,
      ),
    );
  }
}

describe('WatermarkWindow', () => {
  it('drops a repeat, by event time', () => {
    const r = new Rig();
    r.push(['a', 1_000], ['a', 1_050], ['a', 951]);
    expect(r.sink.messages).toEqual([['a', 1_000]]);
    expect(r.sink.events).toEqual([
      {
        kind: 'duplicate',
        message: ['a', 1_050],
        key: 'a',
        first: 1_000,
        ageMs: 50,
        passed: false,
      },
      { kind: 'duplicate', message: ['a', 951], key: 'a', first: 1_000, ageMs: -49, passed: false },
    ]);
  });

  it('finds a message late that is delayMs behind the greatest before it, not one just ahead of that', () => {
    const r = new Rig();
    r.push(['a', 1_000], ['b', 901], ['c', 900], ['d', 899]);
    expect(r.sink.messages).toEqual([
      ['a', 1_000],
      ['b', 901],
    ]);
    expect(r.sink.events).toEqual([
      { kind: 'late', message: ['c', 900], key: 'c', behind: 0, passed: false },
      { kind: 'late', message: ['d', 899], key: 'd', behind: 1, passed: false },
    ]);
  });

  it('remembers until the watermark of the messages before is delayMs past the first', () => {
    const r = new Rig();
    // Watermark 1,099 when the repeat comes: 1,000 + 100 lies above it.
    r.push(['a', 1_000], ['x', 1_199], ['a', 1_200]);
    expect(r.sink.events).toMatchObject([{ kind: 'duplicate', key: 'a' }]);
    const other = new Rig();
    other.push(['a', 1_000], ['x', 1_200], ['a', 1_200]);
    expect(other.sink.events).toEqual([]);
    expect(other.sink.messages.length).toBe(3);
  });

  it('passes or fails late messages with those policies', () => {
    const r = new Rig({ latePolicy: 'emit' });
    r.push(['a', 1_000], ['b', 800]);
    expect(r.sink.log).toEqual([
      ['a', 1_000],
      { kind: 'late', message: ['b', 800], key: 'b', behind: 100, passed: true },
      ['b', 800],
    ]);
    const strict = new Rig({ latePolicy: 'error' });
    strict.push(['a', 1_000]);
    expect(() => strict.push(['b', 800])).toThrow(new LateMessageError('dedupeWithin', 100));
  });

  it('passes repeats on with that policy', () => {
    const r = new Rig({ repeatPolicy: 'pass' });
    r.push(['a', 1_000], ['a', 1_001]);
    expect(r.sink.messages.length).toBe(2);
  });

  it.each([NaN, Infinity, '5', 5n, undefined, new Date(5)])('refuses the time %s', (time) => {
    const r = new Rig();
    r.push(['a', time as number], ['a', 5]);
    expect(r.sink.events).toMatchObject([
      { kind: 'invalid', key: 'a', reason: 'type', passed: false },
    ]);
    expect(r.sink.messages).toEqual([['a', 5]]);
  });

  it('refuses a time too far in the future, and is not dragged along', () => {
    const r = new Rig({ maxSkewMs: 10 });
    r.at(1_000).push(['a', 1_010], ['b', 1_011], ['c', 950]);
    expect(r.sink.messages).toEqual([
      ['a', 1_010],
      ['c', 950],
    ]);
    expect(r.sink.events).toMatchObject([{ kind: 'invalid', reason: 'skew', key: 'b' }]);
  });

  it('reads no clock without a limit to the skew, and wants no timer', () => {
    const r = new Rig();
    r.push(['a', 1e15]);
    expect(r.reads).toBe(0);
    expect(r.machine.deadlineMs).toBe(Infinity);
  });

  it('of Infinity remembers for ever, and nothing is late', () => {
    const r = new Rig({ delayMs: Infinity });
    r.push(['a', 1e15], ['b', -1e15], ['a', 2e15], ['b', 5]);
    expect(r.sink.messages.length).toBe(2);
    expect(r.sink.events).toMatchObject([{ kind: 'duplicate' }, { kind: 'duplicate' }]);
  });

  it('of 0 finds everything late that is not ahead', () => {
    const r = new Rig({ delayMs: 0 });
    r.push(['a', 10], ['b', 10], ['a', 11]);
    expect(r.sink.events).toMatchObject([{ kind: 'late', key: 'b', behind: 0 }]);
    expect(r.sink.messages.length).toBe(2);
  });

  it('evicts the key of the oldest event, not of the first message', () => {
    const r = new Rig({ maxKeys: 2 });
    r.push(['a', 1_000], ['b', 950], ['c', 990]);
    expect(r.sink.events).toEqual([{ kind: 'evicted', key: 'b', first: 950 }]);
    r.push(['d', 1_001]);
    expect(r.sink.events.at(-1)).toEqual({ kind: 'evicted', key: 'c', first: 990 });
  });

  it('makes room by what is past its time, no more than 4 keys a message', () => {
    const r = new Rig({ maxKeys: 6 });
    r.push(['a', 1], ['b', 2], ['c', 3], ['d', 4], ['e', 5], ['f', 6]);
    r.sink.drainEvents();
    r.push(['x', 10_000]); // the watermark of the messages before is still low
    expect(r.sink.drainEvents()).toEqual([{ kind: 'evicted', key: 'a', first: 1 }]);
    r.push(['y', 10_001]); // b to e go
    r.push(['z', 10_002], ['u', 10_003], ['v', 10_004], ['w', 10_005]); // f goes
    expect(r.sink.drainEvents()).toEqual([]);
    r.push(['t', 10_006]);
    expect(r.sink.drainEvents()).toEqual([{ kind: 'evicted', key: 'x', first: 10_000 }]);
  });

  it('forgets a key that is past its time when it comes again, before others are cleared', () => {
    const r = new Rig({ maxKeys: 6 });
    r.push(['a', 1], ['b', 2], ['c', 3], ['d', 4], ['e', 5], ['x', 1_000]);
    r.push(['e', 1_001]);
    expect(r.sink.events).toEqual([]);
    expect(r.sink.messages.at(-1)).toEqual(['e', 1_001]);
    r.push(['e', 1_002]);
    expect(r.sink.events).toMatchObject([{ kind: 'duplicate', first: 1_001 }]);
  });

  it('needs nobody who listens to events', () => {
    const r = new Rig({ maxKeys: 1, latePolicy: 'emit' }, new Sink(), false);
    r.push(['a', 1_000], ['b', 1_001], ['c', NaN], ['d', 1], ['b', 1_002]);
    expect(r.sink.messages.length).toBe(3);
  });

  it('agrees with a model under random events', () => {
    const random = new SeededRandom(8);
    const r = new Rig({ maxKeys: 100_000 });
    const first = new Map<string, number>();
    let greatest = -Infinity;
    for (let round = 0; round < 5_000; round += 1) {
      const key = String(random.integer(0, 40));
      const time = round * 5 + random.integer(-120, 0);
      const watermark = greatest - 100;
      const seen = first.get(key);
      const isLate = time <= watermark;
      const isNew = !isLate && (seen === undefined || seen + 100 <= watermark);
      if (!isLate) greatest = Math.max(greatest, time);
      if (isNew) first.set(key, time);
      r.push([key, time]);
      const kind = isNew ? undefined : isLate ? 'late' : 'duplicate';
      expect(r.sink.drainEvents()[0]?.kind).toBe(kind);
      expect(r.sink.drainMessages().length).toBe(isNew ? 1 : 0);
    }
  });

  it('evicts nothing where a key is exactly past its time', () => {
    const r = new Rig({ maxKeys: 2 });
    // The watermark of the messages before the last is 1,100.
    r.push(['a', 1_000], ['x', 1_200], ['y', 1_201]);
    expect(r.sink.events).toEqual([]);
  });

  it('of a limit of 0 would still work', () => {
    const r = new Rig({ maxKeys: 0 });
    r.push(['a', 1_000], ['a', 1_001], ['b', 1_002], ['a', 1_003]);
    expect(r.sink.messages.map(([, time]) => time)).toEqual([1_000, 1_002, 1_003]);
  });
});
