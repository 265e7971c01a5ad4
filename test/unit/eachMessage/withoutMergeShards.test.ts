/** eachMessage over shards that mergeShards does not merge. */
import { EMPTY, from, mergeMap, NEVER, of, Subject, throwError } from 'rxjs';
import { eachMessage, type Shard, shardBy } from 'rxjs-reliable';
import { describe, expect, it } from 'vitest';

describe('eachMessage', () => {
  it('does without mergeShards, for messages that are done when they are begun', () => {
    const shards: Shard<number>[] = [];
    const begun: number[] = [];
    const source = new Subject<number>();
    const subscription = source
      .pipe(
        shardBy('round-robin', { shards: 1 }),
        mergeMap((shard) => {
          shards.push(shard);
          return eachMessage((n: number) => {
            begun.push(n);
            return NEVER;
          })(shard);
        }),
      )
      .subscribe();
    [0, 1, 2].forEach((n) => source.next(n));
    expect(begun).toEqual([0]);
    expect(shards[0]?.pending).toBe(2);
    subscription.unsubscribe();
  });

  it('passes the error of work on as it is without mergeShards', () => {
    const error = new Error('broken');
    const errors: unknown[] = [];
    of(0)
      .pipe(
        shardBy('round-robin', { shards: 1 }),
        mergeMap(eachMessage(() => throwError(() => error))),
      )
      .subscribe({ error: (one: unknown) => errors.push(one) });
    expect(errors).toEqual([error]);
    expect(errors[0]).toBe(error);
  });

  it('passes the error of the source on as it is without mergeShards', () => {
    const source = new Subject<number>();
    const errors: unknown[] = [];
    const shards: Shard<number>[] = [];
    source.pipe(shardBy('round-robin', { shards: 1 })).subscribe({
      next: (shard) => shards.push(shard),
      error: () => undefined,
    });
    from(shards)
      .pipe(mergeMap(eachMessage(() => EMPTY)))
      .subscribe({ error: (one: unknown) => errors.push(one) });
    const error = new Error('broken');
    source.error(error);
    expect(errors).toEqual([error]);
    expect(errors[0]).toBe(error);
  });
});
