/** The shards that shardBy hands out: when they come, hand over, end, wait. */
import { map, mergeMap, of, range, take } from 'rxjs';
import { shardBy } from 'rxjs-reliable';
import { describe, expect, it } from 'vitest';
import { listenToShards } from '../../support/listenToShards.js';

describe('shards', () => {
  it('come all at once, before anything else', () => {
    const { shards, log } = listenToShards('round-robin', { shards: 3 });
    expect(shards.map(({ index, size, pending }) => [index, size, pending])).toEqual([
      [0, 3, 0],
      [1, 3, 0],
      [2, 3, 0],
    ]);
    expect(log).toEqual([]);
  });

  it('come no further than they are taken', () => {
    const seen: number[] = [];
    range(0, 10)
      .pipe(shardBy('round-robin', { shards: 4 }), take(2))
      .subscribe(({ index }) => seen.push(index));
    expect(seen).toEqual([0, 1]);
  });

  it('hand messages over at once', () => {
    const { source, log } = listenToShards('round-robin', { shards: 2 });
    source.next('a');
    expect(log).toEqual(['0:a']);
    source.next('b');
    source.next('c');
    expect(log).toEqual(['0:a', '1:b', '0:c']);
  });

  it('complete with the source, before the stream of shards does', () => {
    const { source, log } = listenToShards('round-robin', { shards: 2 });
    source.complete();
    expect(log).toEqual(['0:|', '1:|', '|']);
  });

  it('fail with the source, after the stream of shards', () => {
    const { source, log } = listenToShards('round-robin', { shards: 2 });
    source.error(new Error('broken'));
    expect(log).toEqual(['Error: broken', '0:Error: broken', '1:Error: broken']);
  });

  it('fall silent when the stream of shards is unsubscribed', () => {
    const { source, log, subscription, shards } = listenToShards('round-robin', { shards: 2 });
    subscription.unsubscribe();
    expect(source.observed).toBe(false);
    source.next('a');
    expect(log).toEqual([]);
    expect(shards[0]?.pending).toBe(0);
  });

  it('forget what waits when the stream of shards is unsubscribed', () => {
    const { source, log, hear, subscription, shards } = listenToShards(
      'round-robin',
      { shards: 1 },
      () => false,
    );
    source.next('a');
    expect(shards[0]?.pending).toBe(1);
    subscription.unsubscribe();
    expect(shards[0]?.pending).toBe(0);
    shards.forEach(hear);
    expect(log).toEqual([]);
  });

  it('hold messages until they are subscribed, and hold nobody else up', () => {
    const { source, log, hear, shards } = listenToShards<string, undefined>(
      'round-robin',
      { shards: 2 },
      ({ index }) => index === 1,
    );
    for (const letter of 'abcd') source.next(letter);
    expect(log).toEqual(['1:b', '1:d']);
    expect(shards.map(({ pending }) => pending)).toEqual([2, 0]);
    shards.slice(0, 1).forEach(hear);
    expect(log.slice(2)).toEqual(['0:a', '0:c']);
    expect(shards[0]?.pending).toBe(0);
  });

  it('hand over what waits although the source has completed', () => {
    const { source, log, hear, shards } = listenToShards('round-robin', { shards: 1 }, () => false);
    source.next('a');
    source.complete();
    shards.forEach(hear);
    expect(log).toEqual(['|', '0:a', '0:|']);
  });

  it('tell a late subscriber that the source has failed', () => {
    const { source, log, hear, shards, events } = listenToShards(
      'round-robin',
      { shards: 1 },
      () => false,
    );
    source.next('a');
    source.error(new Error('broken'));
    shards.forEach(hear);
    expect(log).toEqual(['Error: broken', '0:Error: broken']);
    expect(events.map(({ kind, message }) => [kind, message])).toEqual([['discarded', 'a']]);
  });

  it('hand messages to all of several subscribers, what waited to the first', () => {
    const { source, log, hear, shards } = listenToShards('round-robin', { shards: 1 }, () => false);
    source.next('a');
    shards.forEach(hear);
    shards.forEach(hear);
    source.next('b');
    expect(log).toEqual(['0:a', '0:b', '0:b']);
  });

  it('keep order when the consumer of waiting messages sends more', () => {
    const { source, shards } = listenToShards<number, undefined>(
      'round-robin',
      { shards: 1 },
      () => false,
    );
    const out: number[] = [];
    source.next(0);
    source.next(1);
    shards[0]?.subscribe((n) => {
      out.push(n);
      if (n < 3) source.next(n + 2);
    });
    expect(out).toEqual([0, 1, 2, 3, 4]);
  });

  it('wait again when their subscriber leaves', () => {
    const { source, shards, log, hear } = listenToShards('round-robin', { shards: 1 }, () => false);
    const first: unknown[] = [];
    shards[0]?.pipe(take(1)).subscribe((message) => first.push(message));
    source.next('a');
    source.next('b');
    expect(first).toEqual(['a']);
    expect(shards[0]?.pending).toBe(1);
    shards.forEach(hear);
    expect(log).toEqual(['0:b']);
  });

  it('are new for every subscription', () => {
    const split$ = of('a', 'b', 'c').pipe(shardBy('round-robin', { shards: 2 }));
    const run = (): string[] => {
      const log: string[] = [];
      split$
        .pipe(mergeMap((shard) => shard.pipe(map((letter) => `${String(shard.index)}:${letter}`))))
        .subscribe((text) => log.push(text));
      return log;
    };
    expect(run()).toEqual(['0:a', '1:b', '0:c']);
    expect(run()).toEqual(['0:a', '1:b', '0:c']);
  });
});
