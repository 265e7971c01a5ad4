/** sequenceGaps with keyBy, announced and markers. */
import { Observable, Subject } from 'rxjs';
import {
  isGapMarker,
  sequenceGaps,
  type GapMarker,
  type SequenceGapsEvent,
  type SequenceGapsOptions,
} from 'rxjs-reliable';
import { describe, expect, it } from 'vitest';
import { Rig } from '../../support/Rig.js';
import { type Options, watching } from '../../support/sequenceGapsRig.js';

type Message = readonly [key: string, seq: number];
type KeyedOptions = Omit<SequenceGapsOptions<Message, string>, 'markers'>;
const keyed = (options: KeyedOptions = {}): Rig<Message, SequenceGapsEvent<Message, string>> =>
  new Rig((base) =>
    sequenceGaps<Message, string>(([, seq]) => seq, { ...base, keyBy: ([key]) => key, ...options }),
  );

describe('sequenceGaps with keyBy', () => {
  it('counts each sequence by itself and says which one in every event', () => {
    const rig = keyed().send(['a', 1], ['b', 7], ['b', 9], ['a', 2], ['b', 8], ['b', 8]);
    expect(rig.events).toStrictEqual([
      { kind: 'gap', first: 8, last: 8, count: 1, key: 'b' },
      {
        kind: 'filled',
        first: 8,
        last: 8,
        count: 1,
        key: 'b',
        by: 'late',
        waitedMs: 0,
        message: ['b', 8],
      },
      { kind: 'duplicate', message: ['b', 8], key: 'b', passed: true },
    ]);
  });

  it('gives up the gaps of the least recently used key when there is one key more', () => {
    const rig = keyed({ maxKeys: 2 }).send(['a', 1], ['a', 3], ['b', 1], ['b', 3], ['a', 4]);
    rig.send(['c', 1]);
    expect(rig.events.slice(2)).toStrictEqual([
      { kind: 'lost', first: 2, last: 2, count: 1, key: 'b', reason: 'evicted' },
      { kind: 'evicted', key: 'b' },
    ]);
    expect(rig.send(['b', 9]).events).toHaveLength(6);
  });

  it('tolerates the holes of each key on one timer', () => {
    const rig = keyed({ toleranceMs: 100 }).send(['a', 1], ['a', 3], ['b', 1]).sendAt(30, ['b', 3]);
    expect(rig.clock.pending).toBe(1);
    rig.clock.flush();
    expect(rig.log.filter(([, kind]) => kind === 'event').map(([at]) => at)).toEqual([100, 130]);
  });

  it('reports the gaps of all keys when the source completes, least recently used first', () => {
    const rig = keyed().send(['a', 1], ['b', 1], ['b', 3], ['a', 3]).complete();
    expect(rig.events.slice(2)).toMatchObject([
      { kind: 'lost', key: 'b' },
      { kind: 'lost', key: 'a' },
    ]);
  });
});

describe('sequenceGaps with announced', () => {
  it('finds that the last messages are missing', () => {
    const announced = new Subject<number>();
    const rig = watching({ announced }).send(1);
    announced.next(3);
    expect(rig.events).toEqual([{ kind: 'gap', first: 2, last: 3, count: 2, key: undefined }]);
    rig.send(2, 3, 4);
    expect(rig.events.map(({ kind }) => kind)).toEqual(['gap', 'filled', 'filled']);
  });

  it('learns nothing from a number it has seen', () => {
    const announced = new Subject<number>();
    const rig = watching({ announced }).send(5);
    for (const n of [5, 4, 0]) announced.next(n);
    expect(rig.events).toEqual([]);
  });

  it('lays the baseline if it comes before the first message', () => {
    const announced = new Subject<number>();
    const rig = watching({ announced });
    announced.next(4);
    expect(rig.send(5).events).toEqual([]);
    expect(rig.send(7).events).toMatchObject([{ kind: 'gap', first: 6 }]);
  });

  it('waits toleranceMs from the announcement', () => {
    const announced = new Subject<number>();
    const rig = watching({ announced, toleranceMs: 100 }).sendAt(20, 1);
    announced.next(2);
    rig.clock.flush();
    expect(rig.log.at(-1)?.[0]).toBe(120);
  });

  it('concerns the key it names', () => {
    const announced = new Subject<{ key: string; sequence: number }>();
    const rig = keyed({ announced }).send(['a', 1], ['b', 1]);
    announced.next({ key: 'b', sequence: 2 });
    expect(rig.events).toMatchObject([{ kind: 'gap', first: 2, last: 2, key: 'b' }]);
  });

  it('may be a promise, and need not go on for ever', async () => {
    const rig = watching({ announced: Promise.resolve(3) }).send(1);
    await Promise.resolve();
    await Promise.resolve();
    expect(rig.events).toMatchObject([{ kind: 'gap', first: 2, last: 3 }]);
    expect(rig.isAlive).toBe(true);
  });

  it('ends the stream when it fails, and does not when it completes', () => {
    const announced = new Subject<number>();
    const rig = watching({ announced }).send(1);
    announced.complete();
    expect(rig.isAlive).toBe(true);
    const failing = new Subject<number>();
    const error = new Error('heartbeat gone');
    const failed = watching({ announced: failing }).send(1);
    failing.error(error);
    expect(failed.error).toBe(error);
    expect(failed.isClean).toBe(true);
  });

  it('is subscribed before the source and let go with it', () => {
    const order: string[] = [];
    const announced = new Observable<number>(() => {
      order.push('announced');
      return () => order.push('announced gone');
    });
    const source = new Observable<number>(() => {
      order.push('source');
      return () => order.push('source gone');
    });
    source
      .pipe(sequenceGaps((n) => n, { announced }))
      .subscribe()
      .unsubscribe();
    expect(order.slice(0, 2)).toEqual(['announced', 'source']);
    expect(order.slice(2).sort()).toEqual(['announced gone', 'source gone']);
  });

  it('is let go when the source completes', () => {
    const announced = new Subject<number>();
    watching({ announced }).send(1).complete();
    expect(announced.observed).toBe(false);
  });

  it.each([
    [undefined, 'type'],
    [null, 'type'],
    [NaN, 'type'],
    [1.5, 'type'],
    ['7', 'type'],
    [{}, 'type'],
    [-1, 'negative'],
    [2n, 'mixed'],
    [2 ** 53, 'type'],
    [1_000_000, 'jump'],
  ])('is not believed when it says %s', (announcement, reason) => {
    const announced = new Subject<number>();
    const rig = watching({ announced }).send(1);
    announced.next(announcement as number);
    expect(rig.events).toStrictEqual([
      { kind: 'invalid-announcement', announced: announcement, key: undefined, reason },
    ]);
    expect(rig.send(2).isAlive).toBe(true);
  });

  it.each([[null], [undefined], [NaN], ['7'], [[]]])(
    'does not end a keyed stream when it says %s',
    (announcement) => {
      const announced = new Subject<{ key: string; sequence: number }>();
      const rig = keyed({ announced }).send(['a', 1]);
      announced.next(announcement as unknown as { key: string; sequence: number });
      expect(rig.isAlive).toBe(true);
      expect(rig.events.map(({ kind }) => kind)).toEqual(['invalid-announcement']);
    },
  );
});

describe('sequenceGaps with markers', () => {
  const marking = (markers: 'detected' | 'lost', options: Options = {}) =>
    new Rig<number, SequenceGapsEvent<number>, number | GapMarker>((base) =>
      sequenceGaps<number>((n) => n, { ...base, ...options, markers }),
    );

  it("puts a marker where a gap is detected, with 'detected'", () => {
    const rig = marking('detected').send(1, 4, 2);
    const [, marker] = rig.values;
    expect(isGapMarker(marker)).toBe(true);
    expect(marker).toMatchObject({ first: 2, last: 3, count: 2, key: undefined });
    expect(rig.values.filter((value) => !isGapMarker(value))).toEqual([1, 4, 2]);
    expect(rig.values).toHaveLength(4);
  });

  it('puts it where the tolerance ends', () => {
    const rig = marking('detected', { toleranceMs: 10 }).send(1, 3).sendAt(10, 4);
    expect(rig.values.map((value) => isGapMarker(value))).toEqual([false, false, true, false]);
  });

  it("puts a marker where a gap is given up, with 'lost'", () => {
    const rig = marking('lost', { maxGaps: 1 }).send(1, 3, 6).complete();
    const markers = rig.values.filter((value) => isGapMarker(value));
    expect(markers).toMatchObject([
      { first: 2, last: 2 },
      { first: 4, last: 5 },
    ]);
    expect(rig.log.at(-1)?.[1]).toBe('complete');
    expect(rig.log.at(-2)?.[2]).toBe(markers[1]);
  });

  it('puts none without the option', () => {
    expect(watching({ maxGaps: 1 }).send(1, 3, 6).complete().values).toEqual([1, 3, 6]);
  });

  it('is known to isGapMarker, and nothing else is', () => {
    for (const other of [
      null,
      undefined,
      1,
      'GapMarker',
      {},
      [],
      { first: 1, last: 2, count: 2 },
    ]) {
      expect(isGapMarker(other)).toBe(false);
    }
    const fromAnotherCopy = { [Symbol.for('rxjs-reliable/GapMarker')]: true };
    expect(isGapMarker(fromAnotherCopy)).toBe(true);
  });

  it('says of which key the numbers are missing', () => {
    const rig = new Rig<Message, SequenceGapsEvent<Message, string>, Message | GapMarker<string>>(
      (base) =>
        sequenceGaps<Message, string>(([, seq]) => seq, {
          ...base,
          keyBy: ([key]) => key,
          markers: 'detected',
        }),
    );
    rig.send(['a', 1], ['a', 3]);
    expect(rig.values[1]).toMatchObject({ key: 'a', first: 2 });
  });
});
