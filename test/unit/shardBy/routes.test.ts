/** Which shard a message goes to. */
import { of } from 'rxjs';
import { shardBy } from 'rxjs-reliable';
import { describe, expect, it } from 'vitest';
import { listenToShards } from '../../support/listenToShards.js';

describe('routes', () => {
  it('by key, as Kafka does', () => {
    // murmur2('foobar') is -790332482, and murmur2('21') is -973932308.
    const { source, log } = listenToShards<string, string>((text) => text, { shards: 12 });
    source.next('foobar');
    source.next('21');
    source.next('foobar');
    const foobar = String((-790332482 & 0x7fffffff) % 12);
    expect(log).toEqual([
      `${foobar}:foobar`,
      `${String((-973932308 & 0x7fffffff) % 12)}:21`,
      `${foobar}:foobar`,
    ]);
  });

  it('by key, with a seed', () => {
    const places = (seed: number): string[] => {
      const { source, log } = listenToShards<number, number>((n) => n, { shards: 8, seed });
      for (let n = 0; n < 50; n += 1) source.next(n);
      return log;
    };
    expect(places(1)).toEqual(places(1));
    expect(places(1)).not.toEqual(places(0));
  });

  it('fail for a key that is no value', () => {
    const { source, log } = listenToShards<object, object>((key) => key, { shards: 2 });
    source.next({});
    expect(log[0]).toMatch(/^TypeError: shardBy: a key must be/);
  });

  it.each(['__proto__', 'constructor', 'toString', ''])('take %j for a key like others', (key) => {
    const { source, log } = listenToShards<string, string>((text) => text, { shards: 1 });
    source.next(key);
    expect(log).toEqual([`0:${key}`]);
  });

  it('to the least busy shard, where nothing is in flight the first', () => {
    const { source, log } = listenToShards('least-busy', { shards: 3 });
    source.next('a');
    source.next('b');
    expect(log).toEqual(['0:a', '0:b']);
  });

  it('to the least busy shard, where shards are not subscribed', () => {
    const { source, shards } = listenToShards('least-busy', { shards: 3 }, () => false);
    for (let n = 0; n < 7; n += 1) source.next(n);
    expect(shards.map(({ pending }) => pending)).toEqual([3, 2, 2]);
  });

  it('to where the key has work, else to the least busy shard', () => {
    const { source, shards } = listenToShards<string, string>(
      { policy: 'least-busy', keyBy: (text: string) => text } as never,
      { shards: 2 },
      () => false,
    );
    for (const key of ['a', 'a', 'a', 'b', 'c', 'b']) source.next(key);
    expect(shards.map(({ pending }) => pending)).toEqual([3, 3]);
  });

  it('to where a function says', () => {
    const { source, log } = listenToShards<number, undefined>(
      { policy: 'custom', indexOf: (n: number, size: number) => size - 1 - n } as never,
      { shards: 3 },
    );
    for (const n of [0, 1, 2]) source.next(n);
    expect(log).toEqual(['2:0', '1:1', '0:2']);
  });

  it.each([-1, 3, 1.5, NaN, '1', undefined])('H52: refuse the index %o', (index) => {
    const errors: unknown[] = [];
    of('a')
      .pipe(shardBy({ policy: 'custom', indexOf: () => index as number }, { shards: 3 }))
      .subscribe({ error: (error: unknown) => errors.push(error) });
    expect(errors[0]).toBeInstanceOf(RangeError);
    expect(String(errors[0])).toContain('indexOf must return an integer from 0 to 2');
  });
});
