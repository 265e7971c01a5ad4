/** sequenceGaps: restarts, wrap-around, pointers, ranges, bigints. */
import { sequenceGaps, type SequenceGapsEvent, type SequenceGapsOptions } from 'rxjs-reliable';
import { describe, expect, it } from 'vitest';
import { kinds } from '../../support/kinds.js';
import { numbers, Rig } from '../../support/Rig.js';

type Options<T> = Omit<SequenceGapsOptions<T>, 'markers'>;
function watching<T>(
  sequenceOf: Parameters<typeof sequenceGaps<T>>[0],
  options: Options<T> = {},
): Rig<T, SequenceGapsEvent<T>> {
  return new Rig((base) => sequenceGaps<T>(sequenceOf, { ...base, ...options }));
}
const plain = (options: Options<number> = {}) => watching<number>((n) => n, options);

describe('sequenceGaps and a sender that restarts', () => {
  type Message = readonly [epoch: unknown, seq: number];
  const withEpochs = (options: Options<Message> = {}) =>
    watching<Message>(([, seq]) => seq, { epochOf: ([epoch]) => epoch, ...options });

  it('gives up what is open and begins anew when the epoch changes', () => {
    const rig = withEpochs().send(['a', 7], ['a', 9], ['b', 500], ['b', 501]);
    expect(rig.log.slice(3)).toStrictEqual([
      [0, 'event', { kind: 'lost', first: 8, last: 8, count: 1, key: undefined, reason: 'reset' }],
      [0, 'event', { kind: 'reset', key: undefined, reason: 'epoch' }],
      [0, 'next', ['b', 500]],
      [0, 'next', ['b', 501]],
    ]);
  });

  it('misses the numbers from `first` on after a change of epoch', () => {
    const rig = withEpochs({ first: 1 }).send(['a', 1], ['b', 3]);
    expect(rig.events).toMatchObject([{ kind: 'reset' }, { kind: 'gap', first: 1, last: 2 }]);
  });

  it('passes stray numbers on at once and takes five in a row for a restart', () => {
    const rig = plain().send(1, 2);
    for (const n of numbers(100_000, 100_004)) {
      rig.send(n);
      expect(rig.values.at(-1)).toBe(n);
    }
    expect(rig.values).toHaveLength(7);
    expect(rig.events).toStrictEqual([{ kind: 'reset', key: undefined, reason: 'jump' }]);
    expect(kinds(rig.send(100_006))).toEqual(['reset', 'gap']);
  });

  it('calls a stray number invalid when a believable one comes, without emitting it twice', () => {
    const rig = plain().send(1, 100_000, 2);
    expect(rig.values).toEqual([1, 100_000, 2]);
    expect(rig.events).toStrictEqual([
      { kind: 'invalid', message: 100_000, key: undefined, reason: 'jump', passed: true },
    ]);
  });

  it('reports stray numbers when the source completes', () => {
    expect(kinds(plain().send(1, 100_000).complete())).toEqual(['invalid']);
  });

  it('takes no jump for a restart where epochs tell', () => {
    const rig = withEpochs().send(['a', 1]);
    for (const n of numbers(100_000, 100_009)) rig.send(['a', n]);
    expect(rig.values).toHaveLength(11);
    expect(kinds(rig)).toEqual(Array.from({ length: 10 }, () => 'invalid'));
  });

  it('believes a number exactly maxJump ahead, and none farther', () => {
    expect(kinds(plain({ maxJump: 10 }).send(0, 10))).toEqual(['gap']);
    expect(kinds(plain({ maxJump: 10 }).send(0, 11, 1))).toEqual(['invalid']);
  });

  it('believes a number exactly maxMisorder behind, and none farther, unless it is missing', () => {
    const rig = plain({ maxMisorder: 10 }).send(0, ...numbers(2, 100), 90, 89, 101, 1);
    expect(rig.events.slice(1)).toMatchObject([
      { kind: 'duplicate', message: 90 },
      { kind: 'invalid', message: 89, reason: 'jump' },
      { kind: 'filled', first: 1 },
    ]);
  });

  it('restarts as soon as restartAfter says', () => {
    expect(kinds(plain({ restartAfter: 1 }).send(1, 100_000))).toEqual(['reset']);
    expect(kinds(plain({ restartAfter: 2 }).send(1, 100_000, 100_002, 100_003))).toEqual([
      'invalid',
      'reset',
    ]);
  });
});

describe('sequenceGaps and numbers that wrap', () => {
  const rtp = (options: Options<number> = {}) => plain({ modulus: 2 ** 16, ...options });

  it('finds nothing missing where they wrap in order', () => {
    expect(rtp().send(65_534, 65_535, 0, 1).events).toEqual([]);
  });

  it('names a gap across the wrap by the numbers of the sender', () => {
    const rig = rtp().send(65_534, 2, 0);
    expect(rig.events).toMatchObject([
      { kind: 'gap', first: 65_535, last: 1, count: 3 },
      { kind: 'filled', first: 0, last: 0, count: 1 },
    ]);
    expect(rig.complete().events.slice(2)).toMatchObject([
      { kind: 'lost', first: 65_535, last: 65_535 },
      { kind: 'lost', first: 1, last: 1 },
    ]);
  });

  it('refuses a number exactly half way round', () => {
    const rig = rtp().send(0, 32_768, 1);
    expect(rig.events).toMatchObject([{ kind: 'invalid', message: 32_768, reason: 'ambiguous' }]);
    expect(rig.values).toEqual([0, 32_768, 1]);
  });

  it('refuses a number that is not below the modulus', () => {
    expect(rtp().send(65_536).events).toMatchObject([{ reason: 'modulus' }]);
  });
});

describe('sequenceGaps and messages that point at the one before', () => {
  interface Update {
    readonly u: number;
    readonly pu?: number;
  }
  const binance = () => watching<Update>((m) => m.u, { previousOf: (m) => m.pu });

  it('misses nothing where each names the last', () => {
    expect(binance().send({ u: 10, pu: 3 }, { u: 25, pu: 10 }, { u: 27, pu: 25 }).events).toEqual(
      [],
    );
  });

  it('misses what lies up to the number pointed at', () => {
    const rig = binance().send({ u: 10, pu: 3 }, { u: 40, pu: 30 });
    expect(rig.events).toMatchObject([{ kind: 'gap', first: 11, last: 30, count: 20 }]);
    rig.send({ u: 30, pu: 10 });
    expect(rig.events).toMatchObject([{}, { kind: 'filled', first: 11, last: 30, count: 20 }]);
    expect(kinds(rig.complete())).toEqual(['gap', 'filled']);
  });

  it('goes on from a snapshot, which points at nothing', () => {
    expect(binance().send({ u: 10, pu: 3 }, { u: 90 }, { u: 95, pu: 90 }).events).toEqual([]);
  });

  it('refuses a pointer that points ahead', () => {
    expect(binance().send({ u: 10, pu: 3 }, { u: 20, pu: 30 }).events).toMatchObject([
      { kind: 'invalid', reason: 'range', passed: true },
    ]);
  });
});

describe('sequenceGaps and messages that cover a range', () => {
  type Range = readonly [number, number];
  const ranges = (options: Options<Range> = {}) => watching<Range>((m) => m, options);

  it('finds gaps between ranges', () => {
    expect(ranges().send([1, 3], [4, 6], [9, 9]).events).toMatchObject([
      { kind: 'gap', first: 7, last: 8 },
    ]);
  });

  it('fills as much of a gap as a range covers', () => {
    const rig = ranges().send([1, 1], [10, 10], [4, 6]).complete();
    expect(rig.events).toMatchObject([
      { kind: 'gap', first: 2, last: 9 },
      { kind: 'filled', first: 4, last: 6, count: 3 },
      { kind: 'lost', first: 2, last: 3 },
      { kind: 'lost', first: 7, last: 9 },
    ]);
  });

  it('reports every gap that one range fills', () => {
    const rig = ranges().send([1, 1], [3, 3], [5, 5], [1, 5]);
    expect(rig.events.slice(2)).toMatchObject([
      { kind: 'filled', first: 2, last: 2 },
      { kind: 'filled', first: 4, last: 4 },
    ]);
    expect(rig.values).toHaveLength(4);
  });

  it('takes a range for new if any of its numbers is', () => {
    const rig = ranges({ duplicatePolicy: 'drop' }).send([1, 3], [2, 4], [1, 4], [2, 2]);
    expect(rig.values).toHaveLength(2);
    expect(kinds(rig)).toEqual(['duplicate', 'duplicate']);
  });

  it('refuses a range that runs backwards', () => {
    expect(ranges().send([1, 1], [5, 4]).events).toMatchObject([{ reason: 'range' }]);
  });
});

describe('sequenceGaps and bigints', () => {
  const far = 2n ** 80n;
  const bigints = (options: Options<bigint> = {}) => watching<bigint>((n) => n, options);

  it('speaks of gaps in bigints', () => {
    const rig = bigints()
      .send(far, far + 4n, far + 2n)
      .complete();
    expect(rig.events).toMatchObject([
      { kind: 'gap', first: far + 1n, last: far + 3n, count: 3n },
      { kind: 'filled', first: far + 2n, count: 1n },
      { kind: 'lost', first: far + 1n, count: 1n },
      { kind: 'lost', first: far + 3n, count: 1n },
    ]);
  });

  it('knows `first` and modulus as bigints', () => {
    expect(bigints({ first: 1n }).send(3n).events).toMatchObject([{ first: 1n, last: 2n }]);
    const wrapping = bigints({ modulus: 2n ** 64n }).send(2n ** 64n - 2n, 1n);
    expect(wrapping.events).toMatchObject([{ first: 2n ** 64n - 1n, last: 0n, count: 2n }]);
  });
});
