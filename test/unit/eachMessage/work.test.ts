/** What eachMessage takes for work. */
import { defer, EMPTY, from, type ObservableInput, of, range, Subject, take } from 'rxjs';
import { eachMessage, mergeShards, type Shard, shardBy, ShardError } from 'rxjs-reliable';
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
    ['arrays', [1, 2, 3], [1, 2, 3]],
    ['arrays of one', [1], [1]],
    ['empty arrays', [], []],
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

  it.each([[[]], [['a']], [['a', 'b', 'c']]])(
    'is done with a message when %j is out',
    (results) => {
      const seen: unknown[] = [];
      const shards: Shard<number>[] = [];
      range(0, 2)
        .pipe(
          shardBy('round-robin', { shards: 1 }),
          mergeShards((shard) => {
            shards.push(shard);
            return eachMessage((n: number) => {
              seen.push(`${String(n)} ${String(shard.pending)}`);
              return results;
            })(shard);
          }),
        )
        .subscribe((text) => seen.push(text));
      expect(seen).toEqual(['0 1', ...results, '1 1', ...results]);
      expect(shards.map(({ pending }) => pending)).toEqual([0]);
    },
  );

  it('gives no more of an array than is taken', () => {
    const out: number[] = [];
    const begun: number[] = [];
    range(0, 3)
      .pipe(
        shardBy('round-robin', { shards: 1 }),
        mergeShards(
          eachMessage((n) => {
            begun.push(n);
            return [n, n + 10, n + 20];
          }),
        ),
        take(2),
      )
      .subscribe((n) => out.push(n));
    expect([out, begun]).toEqual([[0, 10], [0]]);
  });

  it('has what comes of other messages meanwhile wait until an array is out', () => {
    const later = new Subject<string>();
    const out: string[] = [];
    from([later, ['a', 'b'], ['c']])
      .pipe(
        shardBy('round-robin', { shards: 1 }),
        mergeShards(eachMessage((work: ObservableInput<string>) => work, { concurrency: 2 })),
      )
      .subscribe((text) => {
        out.push(text);
        if (text === 'a') later.next('later');
      });
    expect(out).toEqual(['a', 'b', 'later', 'c']);
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
