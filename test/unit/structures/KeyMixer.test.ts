import { describe, expect, it, vi } from 'vitest';
import { KeyMixer } from '../../../src/structures/KeyMixer.js';
import { SeededRandom } from '../../../src/testing/SeededRandom.js';

const edges = [0, 1, 2 ** 30, 2 ** 31, 2 ** 32, 2 ** 33, 2 ** 52, 2 ** 53 - 2]
  .flatMap((edge) => [edge - 1, edge, edge + 1])
  .flatMap((edge) => [edge, -edge])
  .map((edge) => edge + 0);

const bigEdges = [0n, 1n, 2n ** 53n, 2n ** 63n, 2n ** 64n, 2n ** 65n, 2n ** 128n, 2n ** 200n]
  .flatMap((edge) => [edge - 1n, edge, edge + 1n])
  .flatMap((edge) => [edge, -edge]);

/** How many of the keys stay distinct. */
function distinct(mixer: KeyMixer, keys: Iterable<unknown>): number {
  return new Set([...keys].map((key) => mixer.mix(key))).size;
}

/** The key above 2^30 whose first mixing gives `mixed`, where the secrets are 0. */
function unmixed(mixed: number): number {
  const inverse = (odd: number): number => {
    let result = odd;
    for (let round = 0; round < 5; round += 1) {
      result = Math.imul(result, 2 - Math.imul(odd, result));
    }
    return result;
  };
  const half = Math.imul(mixed ^ (mixed >>> 16), inverse(0x297a2d39));
  return Math.imul(half ^ (half >>> 15) ^ (half >>> 30), inverse(0x2c1b3c6d)) >>> 0;
}

describe('KeyMixer', () => {
  it.each([1, 2, 3, 4, 5])('keeps the edges of its ranges apart (secret %i)', () => {
    const keys = new Set(edges);
    expect(distinct(new KeyMixer(), keys)).toBe(keys.size);
  });

  it('keeps random numbers of all sizes apart', () => {
    const random = new SeededRandom(1);
    const keys = new Set(edges);
    for (let round = 0; round < 100_000; round += 1) {
      const size = 2 ** random.integer(1, 53);
      keys.add(Math.floor((random.fraction() * 2 - 1) * size) + 0);
    }
    expect(distinct(new KeyMixer(), keys)).toBe(keys.size);
  });

  it.each([0, 2 ** 29, 2 ** 30 - 100_000, 2 ** 30 - 50_000, 2 ** 32 - 50_000, -50_000, -(2 ** 32)])(
    'keeps 100,000 numbers in a row apart, from %i on',
    (start) => {
      const keys = Array.from({ length: 100_000 }, (_, index) => start + index);
      expect(distinct(new KeyMixer(), keys)).toBe(100_000);
    },
  );

  it('keeps small integers in the compact range, and others out of it', () => {
    const mixer = new KeyMixer();
    const isSmall = (key: unknown): boolean =>
      Number.isInteger(key) && (key as number) >= 0 && (key as number) < 2 ** 30;
    for (const key of edges) {
      if (!Number.isSafeInteger(key)) continue;
      expect(isSmall(mixer.mix(key))).toBe(isSmall(key));
    }
    const random = new SeededRandom(3);
    for (let round = 0; round < 1_000; round += 1) {
      expect(isSmall(mixer.mix(random.integer(0, 2 ** 30 - 1)))).toBe(true);
      expect(isSmall(mixer.mix(random.integer(2 ** 30, 2 ** 32 - 1)))).toBe(false);
      expect(isSmall(mixer.mix(random.integer(-(2 ** 32), -1)))).toBe(false);
      expect(isSmall(mixer.mix(random.integer(2 ** 32, 2 ** 34)))).toBe(false);
    }
  });

  it('keeps out of the compact range even the number that would be mixed to its very end', async () => {
    const secrets = vi.spyOn(globalThis.crypto, 'getRandomValues');
    secrets.mockImplementation((array) => array);
    // Secrets are drawn ahead: none of those.
    vi.resetModules();
    const { KeyMixer: FreshMixer } = await import('../../../src/structures/KeyMixer.js');
    const mixer = new FreshMixer();
    secrets.mockRestore();
    const key = unmixed(2 ** 30 - 1);
    expect(key).toBeGreaterThanOrEqual(2 ** 30);
    expect(mixer.mix(key)).toBeGreaterThanOrEqual(2 ** 30);
  });

  it('mixes safe integers to numbers, which cost less than strings', () => {
    const mixer = new KeyMixer();
    for (const key of edges) {
      if (Number.isSafeInteger(key)) expect(mixer.mix(key)).toBeTypeOf('number');
    }
  });

  it('gives equal keys equal results', () => {
    const mixer = new KeyMixer();
    for (const key of [...edges, ...bigEdges]) expect(mixer.mix(key)).toBe(mixer.mix(key));
    expect(mixer.mix(-0)).toBe(mixer.mix(0));
  });

  it('keeps bigints apart, negative and beyond 64 bits', () => {
    const keys = new Set(bigEdges);
    const mixer = new KeyMixer();
    expect(distinct(mixer, keys)).toBe(keys.size);
    for (const key of keys) expect(typeof mixer.mix(key)).toBe('bigint');
    const crafted = Array.from({ length: 10_000 }, (_, index) => BigInt(index) << 64n);
    expect(distinct(mixer, crafted)).toBe(10_000);
  });

  it('spreads bigints that agree in the bits that Map hashes', () => {
    const mixer = new KeyMixer();
    const low = Array.from({ length: 1_000 }, (_, index) =>
      BigInt.asUintN(64, mixer.mix(BigInt(index) << 64n) as bigint),
    );
    expect(new Set(low).size).toBeGreaterThan(990);
    const small = Array.from({ length: 1_000 }, (_, index) =>
      BigInt.asUintN(64, mixer.mix(BigInt(index)) as bigint),
    );
    expect(new Set(small).size).toBeGreaterThan(990);
  });

  it('leaves no bigint with low bits that an outsider can foresee', () => {
    // 16,384 keys below 2^61 that V8 hashes alike, made by inverting its ComputeLongHash, took 100 times as long.
    const random = new SeededRandom(13);
    const one = new KeyMixer();
    const other = new KeyMixer();
    const low = (mixer: KeyMixer, key: bigint): bigint =>
      BigInt.asUintN(64, mixer.mix(key) as bigint);
    for (let round = 0; round < 100; round += 1) {
      const key = (BigInt(random.integer(1, 2 ** 29)) << 32n) | BigInt(random.bits());
      expect(low(one, key)).not.toBe(key);
      expect(low(one, key)).not.toBe(low(other, key));
    }
  });

  it('makes strings of its own of fractions and numbers beyond 2^53', () => {
    // 16,000 of them that V8 hashes alike took 70 times as long.
    const [one, other] = [new KeyMixer(), new KeyMixer()];
    const keys = [1.5, -1.5, 0.1 + 0.2, 0.3, 5e-324, -5e-324, 2 ** 53, 2 ** 53 + 2, -(2 ** 60)];
    const all = [...keys, Number.MAX_VALUE, ...keys.map(String)];
    expect(distinct(one, all)).toBe(all.length);
    for (const key of keys) {
      expect(one.mix(key)).toBe(one.mix(key));
      expect(one.mix(key)).toBeTypeOf('string');
      expect(one.mix(key)).not.toBe(other.mix(key));
    }
  });

  it('leaves everything else alone', () => {
    const mixer = new KeyMixer();
    const object = {};
    const symbol = Symbol('key');
    const others = [NaN, Infinity, -Infinity, '', '7', '__proto__'];
    for (const key of [...others, null, undefined, true, object, symbol]) {
      expect(mixer.mix(key)).toBe(key);
    }
  });

  it('gives two instances different results', () => {
    const one = new KeyMixer();
    const other = new KeyMixer();
    const keys = [...new Set(edges)].filter((key) => Number.isSafeInteger(key) && key !== 0);
    const same = (list: readonly unknown[]): number =>
      list.filter((key) => one.mix(key) === other.mix(key)).length;
    expect(same(keys)).toBeLessThan(5);
    expect(same(bigEdges.filter((key) => key > 2n ** 64n))).toBe(0);
  });

  it('does not keep a pattern in the low bits', () => {
    const mixer = new KeyMixer();
    for (const stride of [2 ** 10, 2 ** 16, 2 ** 20]) {
      const buckets = Array.from(
        { length: 1_000 },
        (_, index) => (mixer.mix(index * stride) as number) % 1_024,
      );
      expect(new Set(buckets).size).toBeGreaterThan(500);
    }
  });
});
