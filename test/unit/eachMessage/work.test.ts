/** What eachMessage takes for work. */
import { defer, EMPTY, of, range, take } from 'rxjs';
import { eachMessage, mergeShards, shardBy, ShardError } from 'rxjs-reliable';
import { describe, expect, it } from 'vitest';

describe('eachMessage', () => {
  it('has failed when the work cannot be made', () => {
    const errors: unknown[] = [];
    const thrown = new Error('cannot be made');
    range(0, 3)
      .pipe(
        shardBy('round-robin', { shards: 2 }),
        mergeShards(
          eachMessage(() => {
            throw thrown;
          }),
        ),
      )
      .subscribe({ error: (error: unknown) => errors.push(error) });
    expect(errors[0]).toBeInstanceOf(ShardError);
    expect((errors[0] as ShardError).cause).toBe(thrown);
  });

  it('has failed when the work is nothing that can be subscribed', () => {
    const errors: unknown[] = [];
    of(1)
      .pipe(shardBy('round-robin', { shards: 1 }), mergeShards(eachMessage(() => 1 as never)))
      .subscribe({ error: (error: unknown) => errors.push(error) });
    expect((errors[0] as ShardError).cause).toBeInstanceOf(TypeError);
  });

  it.each([
    ['arrays', [1, 2], [1, 2]],
    ['nothing', EMPTY, []],
    ['observables', of(1, 2), [1, 2]],
    ['sets', new Set([1]), [1]],
  ])('takes %s for work', (_, results, expected) => {
    const out: unknown[] = [];
    of(0)
      .pipe(shardBy('round-robin', { shards: 1 }), mergeShards(eachMessage(() => results)))
      .subscribe((result) => out.push(result));
    expect(out).toEqual(expected);
  });

  it('takes promises for work', async () => {
    const out: number[] = [];
    await new Promise<void>((resolve) => {
      range(0, 5)
        .pipe(
          shardBy('round-robin', { shards: 2 }),
          mergeShards(
            eachMessage((n) => Promise.resolve(n)),
            { order: 'source' },
          ),
        )
        .subscribe({ next: (n) => out.push(n), complete: resolve });
    });
    expect(out).toEqual([0, 1, 2, 3, 4]);
  });

  it('stops endless work when enough is taken', () => {
    const out: number[] = [];
    const endless = defer(() =>
      (function* () {
        for (let n = 0; ; n += 1) yield n;
      })(),
    );
    of(0)
      .pipe(shardBy('round-robin', { shards: 2 }), mergeShards(eachMessage(() => endless)), take(3))
      .subscribe((n) => out.push(n));
    expect(out).toEqual([0, 1, 2]);
  });
});
