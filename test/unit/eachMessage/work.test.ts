/** What eachMessage takes for work. */
import {
  defer,
  EMPTY,
  from,
  NEVER,
  type ObservableInput,
  of,
  range,
  Subject,
  take,
  takeUntil,
} from 'rxjs';
import { eachMessage, mergeShards, type Shard, shardBy, ShardError } from 'rxjs-reliable';
import { describe, expect, it } from 'vitest';

/** Works on a message whose consumer leaves before the work returns; what was heard of that. */
function leaveWithin(work: () => ObservableInput<number>) {
  const left = new Subject<void>();
  const source = new Subject<number>();
  const errors: unknown[] = [];
  source
    .pipe(
      shardBy('round-robin', { shards: 1 }),
      mergeShards(
        eachMessage(() => {
          left.next();
          return work();
        }),
      ),
      takeUntil(left),
    )
    .subscribe({ error: (error: unknown) => errors.push(error) });
  source.next(1);
  return { errors, isObserved: source.observed };
}

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
        .subscribe((text) => seen.push(`${text} ${String(shards[0]?.pending)}`));
      const out = results.map((text) => `${text} 1`);
      expect(seen).toEqual(['0 1', ...out, '1 1', ...out]);
      expect(shards.map(({ pending }) => pending)).toEqual([0]);
    },
  );

  it.each([1, 2, 3])('reads and gives no more of an array than the %i that are taken', (taken) => {
    const seen: string[] = [];
    const results = new Proxy(['a', 'b', 'c'], {
      get: (target, name) => {
        const value: unknown = Reflect.get(target, name);
        if (typeof value === 'string') seen.push(`read ${value}`);
        return value;
      },
    });
    range(0, 3)
      .pipe(
        shardBy('round-robin', { shards: 1 }),
        mergeShards(eachMessage(() => results)),
        take(taken),
      )
      .subscribe((text) => seen.push(text));
    const all = ['read a', 'a', 'read b', 'b', 'read c', 'c'];
    expect(seen).toEqual(all.slice(0, 2 * taken));
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

  it('takes the values of an array as they are when it is returned', () => {
    const gates = [new Subject<string>(), new Subject<string>()];
    const again: string[] = [];
    const source = new Subject<number>();
    const out: string[] = [];
    source
      .pipe(
        shardBy('round-robin', { shards: 1 }),
        mergeShards(
          eachMessage(
            (n: number) => {
              const gate = gates[n];
              if (gate !== undefined) return gate;
              again.splice(0, 2, `${String(n)}a`, `${String(n)}b`);
              return again;
            },
            { concurrency: 2 },
          ),
        ),
      )
      .subscribe((text) => {
        out.push(text);
        if (text === 'zero') for (const gate of gates) gate.complete();
      });
    for (let n = 0; n < 4; n += 1) source.next(n);
    gates[0]?.next('zero');
    expect(out).toEqual(['zero', '2a', '2b', '3a', '3b']);
  });

  it('blames the message whose array throws', () => {
    const source = new Subject<number>();
    const told: string[] = [];
    const broken = new Proxy(['a', 'b'], {
      get: (target, name): unknown => {
        if (name === '1') throw new Error('no b');
        return Reflect.get(target, name);
      },
    });
    source
      .pipe(
        shardBy('round-robin', { shards: 1 }),
        mergeShards(
          eachMessage((n: number) => (n === 0 ? NEVER : broken), { concurrency: 2 }),
          {
            onShardError: 'restart',
            onEvent: (event) => {
              told.push('message' in event ? `${event.kind} ${String(event.message)}` : event.kind);
            },
          },
        ),
      )
      .subscribe();
    source.next(0);
    source.next(1);
    expect(told).toEqual(['shard-error', 'dead-letter 1', 'shard-restart']);
  });

  it('leaves no rejected promise behind when its work makes the consumer leave', async () => {
    const rejected: unknown[] = [];
    const hear = (error: unknown): void => {
      rejected.push(error);
    };
    process.on('unhandledRejection', hear);
    leaveWithin(() => Promise.reject(new Error('of no interest')));
    await new Promise((resolve) => setTimeout(resolve, 5));
    process.off('unhandledRejection', hear);
    expect(rejected).toEqual([]);
  });

  it('subscribes nothing when its work makes the consumer leave', () => {
    let subscriptions = 0;
    const results = defer(() => {
      subscriptions += 1;
      return of(1);
    });
    expect(leaveWithin(() => results)).toEqual({ errors: [], isObserved: false });
    expect(subscriptions).toBe(0);
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
