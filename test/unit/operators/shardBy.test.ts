import {
  concat,
  from,
  lastValueFrom,
  map,
  mergeMap,
  NEVER,
  of,
  range,
  Subject,
  take,
  throwError,
} from 'rxjs';
import {
  BufferOverflowError,
  mergeShards,
  OptionError,
  type Shard,
  shardBy,
  type ShardByEvent,
  type ShardByOptions,
} from 'rxjs-reliable';
import { operatorContract } from 'rxjs-reliable/testing';
import { describe, expect, it } from 'vitest';

/** Subscribes the stream of shards and every shard, and writes down what they say. */
function listen<T, K>(
  route: Parameters<typeof shardBy<T, K>>[0],
  options: ShardByOptions<T, K>,
  which: (shard: Shard<T>) => boolean = () => true,
) {
  const source = new Subject<T>();
  const shards: Shard<T>[] = [];
  const log: string[] = [];
  const events: ShardByEvent<T, K>[] = [];
  const hear = (shard: Shard<T>): void => {
    shard.subscribe({
      next: (message) => log.push(`${String(shard.index)}:${String(message)}`),
      error: (error: unknown) => log.push(`${String(shard.index)}:${String(error)}`),
      complete: () => log.push(`${String(shard.index)}:|`),
    });
  };
  const subscription = source
    .pipe(
      shardBy(route as 'round-robin', {
        ...options,
        onEvent: (event) => events.push(event as never),
      }),
    )
    .subscribe({
      next: (shard) => {
        shards.push(shard);
        if (which(shard)) hear(shard);
      },
      error: (error: unknown) => log.push(String(error)),
      complete: () => log.push('|'),
    });
  return { source, shards, log, events, hear, subscription };
}

operatorContract(
  'shardBy',
  () => (source) =>
    source.pipe(
      shardBy<number>('round-robin', { shards: 3 }),
      mergeMap((shard) => shard),
    ),
  { describe, it },
);
operatorContract(
  'shardBy by key',
  () => (source) =>
    source.pipe(
      shardBy((n: number) => n, { shards: 3 }),
      mergeMap((shard) => shard),
    ),
  {
    describe,
    it,
    callbacks: {
      keyBy: {
        make: (_, fail) => (source) =>
          source.pipe(
            shardBy<number>(fail, { shards: 3 }),
            mergeMap((shard) => shard),
          ),
      },
      stickyKeyBy: {
        make: (_, fail) => (source) =>
          source.pipe(
            shardBy<number>({ policy: 'least-busy', keyBy: fail }, { shards: 3 }),
            mergeMap((shard) => shard),
          ),
      },
      indexOf: {
        make: (_, fail) => (source) =>
          source.pipe(
            shardBy<number>({ policy: 'custom', indexOf: fail }, { shards: 3 }),
            mergeMap((shard) => shard),
          ),
      },
      onEvent: {
        make: (_, fail) => (source) =>
          source.pipe(
            shardBy<number>('round-robin', {
              shards: 1,
              maxPending: 1,
              overflowPolicy: 'drop-newest',
              onEvent: fail,
            }),
            mergeMap(() => NEVER),
          ),
      },
    },
  },
);

describe('shards', () => {
  it('come all at once, before anything else', () => {
    const { shards, log } = listen('round-robin', { shards: 3 });
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
    const { source, log } = listen('round-robin', { shards: 2 });
    source.next('a');
    expect(log).toEqual(['0:a']);
    source.next('b');
    source.next('c');
    expect(log).toEqual(['0:a', '1:b', '0:c']);
  });

  it('complete with the source, before the stream of shards does', () => {
    const { source, log } = listen('round-robin', { shards: 2 });
    source.complete();
    expect(log).toEqual(['0:|', '1:|', '|']);
  });

  it('fail with the source, after the stream of shards', () => {
    const { source, log } = listen('round-robin', { shards: 2 });
    source.error(new Error('broken'));
    expect(log).toEqual(['Error: broken', '0:Error: broken', '1:Error: broken']);
  });

  it('fall silent when the stream of shards is unsubscribed', () => {
    const { source, log, subscription, shards } = listen('round-robin', { shards: 2 });
    subscription.unsubscribe();
    expect(source.observed).toBe(false);
    source.next('a');
    expect(log).toEqual([]);
    expect(shards[0]?.pending).toBe(0);
  });

  it('forget what waits when the stream of shards is unsubscribed', () => {
    const { source, log, hear, subscription, shards } = listen(
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
    const { source, log, hear, shards } = listen<string, undefined>(
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
    const { source, log, hear, shards } = listen('round-robin', { shards: 1 }, () => false);
    source.next('a');
    source.complete();
    shards.forEach(hear);
    expect(log).toEqual(['|', '0:a', '0:|']);
  });

  it('tell a late subscriber that the source has failed', () => {
    const { source, log, hear, shards, events } = listen('round-robin', { shards: 1 }, () => false);
    source.next('a');
    source.error(new Error('broken'));
    shards.forEach(hear);
    expect(log).toEqual(['Error: broken', '0:Error: broken']);
    expect(events.map(({ kind, message }) => [kind, message])).toEqual([['discarded', 'a']]);
  });

  it('hand messages to all of several subscribers, what waited to the first', () => {
    const { source, log, hear, shards } = listen('round-robin', { shards: 1 }, () => false);
    source.next('a');
    shards.forEach(hear);
    shards.forEach(hear);
    source.next('b');
    expect(log).toEqual(['0:a', '0:b', '0:b']);
  });

  it('keep order when the consumer of waiting messages sends more', () => {
    const { source, shards } = listen<number, undefined>('round-robin', { shards: 1 }, () => false);
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
    const { source, shards, log, hear } = listen('round-robin', { shards: 1 }, () => false);
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

describe('routes', () => {
  it('by key, as Kafka does', () => {
    // murmur2('foobar') is -790332482, and murmur2('21') is -973932308.
    const { source, log } = listen<string, string>((text) => text, { shards: 12 });
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
      const { source, log } = listen<number, number>((n) => n, { shards: 8, seed });
      for (let n = 0; n < 50; n += 1) source.next(n);
      return log;
    };
    expect(places(1)).toEqual(places(1));
    expect(places(1)).not.toEqual(places(0));
  });

  it('fail for a key that is no value', () => {
    const { source, log } = listen<object, object>((key) => key, { shards: 2 });
    source.next({});
    expect(log[0]).toMatch(/^TypeError: shardBy: a key must be/);
  });

  it.each(['__proto__', 'constructor', 'toString', ''])('take %j for a key like others', (key) => {
    const { source, log } = listen<string, string>((text) => text, { shards: 1 });
    source.next(key);
    expect(log).toEqual([`0:${key}`]);
  });

  it('to the least busy shard, where nothing is in flight the first', () => {
    const { source, log } = listen('least-busy', { shards: 3 });
    source.next('a');
    source.next('b');
    expect(log).toEqual(['0:a', '0:b']);
  });

  it('to the least busy shard, where shards are not subscribed', () => {
    const { source, shards } = listen('least-busy', { shards: 3 }, () => false);
    for (let n = 0; n < 7; n += 1) source.next(n);
    expect(shards.map(({ pending }) => pending)).toEqual([3, 2, 2]);
  });

  it('to where the key has work, else to the least busy shard', () => {
    const { source, shards } = listen<string, string>(
      { policy: 'least-busy', keyBy: (text: string) => text } as never,
      { shards: 2 },
      () => false,
    );
    for (const key of ['a', 'a', 'a', 'b', 'c', 'b']) source.next(key);
    expect(shards.map(({ pending }) => pending)).toEqual([3, 3]);
  });

  it('to where a function says', () => {
    const { source, log } = listen<number, undefined>(
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

describe('limits', () => {
  it('end the stream by default', () => {
    const { source, log } = listen('round-robin', { shards: 1, maxPending: 2 }, () => false);
    for (const n of [1, 2, 3]) source.next(n);
    expect(log).toEqual(['BufferOverflowError: shardBy: more than 2 messages to hold']);
  });

  it('end the stream with an error that says what', () => {
    const errors: unknown[] = [];
    range(0, 3)
      .pipe(shardBy('round-robin', { shards: 1, maxPending: 2 }))
      .subscribe({ error: (error: unknown) => errors.push(error) });
    expect(errors[0]).toBeInstanceOf(BufferOverflowError);
    expect(errors[0]).toMatchObject({ operator: 'shardBy', limit: 2 });
  });

  it('report what they hold when they end the stream', () => {
    const { source, events } = listen('round-robin', { shards: 1, maxPending: 2 }, () => false);
    for (const n of [1, 2, 3]) source.next(n);
    expect(events.map(({ kind, message }) => [kind, message])).toEqual([
      ['overflow', 3],
      ['discarded', 1],
      ['discarded', 2],
    ]);
  });

  it('drop the newest', () => {
    const { source, events, shards, hear, log } = listen<string, string>(
      (text) => text,
      { shards: 1, maxPending: 2, overflowPolicy: 'drop-newest' },
      () => false,
    );
    for (const text of ['a', 'b', 'c']) source.next(text);
    expect(events).toEqual([{ kind: 'overflow', message: 'c', key: 'c', shard: 0, passed: false }]);
    shards.forEach(hear);
    expect(log).toEqual(['0:a', '0:b']);
  });

  it('drop the oldest', () => {
    const { source, events, shards, hear, log } = listen<string, string>(
      (text) => text,
      { shards: 1, maxPending: 2, overflowPolicy: 'drop-oldest' },
      () => false,
    );
    for (const text of ['a', 'b', 'c']) source.next(text);
    expect(events).toEqual([{ kind: 'overflow', message: 'a', key: 'a', shard: 0, passed: false }]);
    shards.forEach(hear);
    expect(log).toEqual(['0:b', '0:c']);
  });

  it('count what a pipeline has, and drop the newest where nothing older can be taken back', () => {
    const events: ShardByEvent<number>[] = [];
    concat(range(0, 4), NEVER)
      .pipe(
        shardBy<number>('round-robin', {
          shards: 1,
          maxPending: 3,
          overflowPolicy: 'drop-oldest',
          onEvent: (event) => events.push(event),
        }),
        mergeShards((shard) => shard.pipe(mergeMap(() => NEVER))),
      )
      .subscribe();
    expect(events.map(({ kind, message }) => [kind, message])).toEqual([['overflow', 3]]);
  });

  it('are for each shard', () => {
    const { source, events, shards } = listen<number, undefined>(
      { policy: 'custom', indexOf: (n: number) => n % 2 } as never,
      { shards: 2, maxPending: 1, overflowPolicy: 'drop-newest' },
      () => false,
    );
    for (const n of [0, 2, 1]) source.next(n);
    expect(events.map(({ message }) => message)).toEqual([2]);
    expect(shards.map(({ pending }) => pending)).toEqual([1, 1]);
  });

  it('do not count what was handed over without mergeShards', () => {
    const { source, log } = listen('round-robin', { shards: 1, maxPending: 1 });
    for (let n = 0; n < 100; n += 1) source.next(n);
    expect(log).toHaveLength(100);
  });
});

describe('options', () => {
  const bad: readonly (readonly [string, unknown, object])[] = [
    ['shards', 'round-robin', {}],
    ['shards', 'round-robin', { shards: 0 }],
    ['shards', 'round-robin', { shards: 1.5 }],
    ['shards', 'round-robin', { shards: NaN }],
    ['shards', 'round-robin', { shards: '2' }],
    ['shards', 'round-robin', { shards: 1_025 }],
    ['seed', 'round-robin', { shards: 2, seed: -1 }],
    ['seed', 'round-robin', { shards: 2, seed: 2 ** 32 }],
    ['maxPending', 'round-robin', { shards: 2, maxPending: 0 }],
    ['maxPending', 'round-robin', { shards: 2, maxPending: Infinity }],
    ['overflowPolicy', 'round-robin', { shards: 2, overflowPolicy: 'drop' }],
    ['onEvent', 'round-robin', { shards: 2, onEvent: 1 }],
    ['route.indexOf', { policy: 'custom' }, { shards: 2 }],
    ['route.keyBy', { policy: 'least-busy', keyBy: 1 }, { shards: 2 }],
    ['route', undefined, { shards: 2 }],
    ['route', null, { shards: 2 }],
    ['options', 'round-robin', null as never],
  ];
  const expected: Record<string, string> = {
    shards: 'an integer from 1 to 1024',
    seed: 'an integer from 0 to 4294967295',
    maxPending: 'an integer from 1 to 16777216',
    overflowPolicy: "one of 'error', 'drop-newest', 'drop-oldest'",
    onEvent: 'a function',
    'route.indexOf': 'a function',
    'route.keyBy': 'a function',
    route: 'an object',
    options: 'an object',
  };
  const refused = (option: string, mustBe: string, route: unknown, options: unknown): void => {
    const make = (): unknown => shardBy(route as 'round-robin', options as never);
    expect(make).toThrow(OptionError);
    expect(make).toThrow(`shardBy: option \`${option}\` must be ${mustBe}, got `);
  };
  it.each(bad)('H41, H43: %s is refused: %j, %j', (option, route, options) => {
    refused(option, String(expected[option]), route, options);
  });

  it.each(['random', '', 'custom'])('H41: the route %j is refused', (route) => {
    refused('route.policy', "one of 'round-robin', 'least-busy'", route, { shards: 2 });
  });

  it.each([{}, { policy: '' }, { policy: 'round-robin' }])(
    'H41: the route %j is refused',
    (route) => {
      refused('route.policy', "one of 'least-busy', 'custom'", route, { shards: 2 });
    },
  );

  it('may be at their limits', () => {
    const most = { shards: 1_024, seed: 2 ** 32 - 1, maxPending: 2 ** 24 };
    expect(() => shardBy('least-busy', most)).not.toThrow();
    expect(() => shardBy('round-robin', { shards: 1, seed: 0, maxPending: 1 })).not.toThrow();
  });
});

it('fails when what onEvent returns is rejected', async () => {
  const failure = new Error('onEvent');
  const failing = concat(range(0, 2), NEVER).pipe(
    shardBy('round-robin', {
      shards: 1,
      maxPending: 1,
      overflowPolicy: 'drop-newest',
      onEvent: () => Promise.reject(failure) as unknown as undefined,
    }),
    mergeMap(() => NEVER),
  );
  await expect(lastValueFrom(failing)).rejects.toBe(failure);
});

it('shards a source that fails as it is subscribed', () => {
  const log: unknown[] = [];
  const broken = new Error('broken');
  throwError(() => broken)
    .pipe(
      shardBy('round-robin', { shards: 2 }),
      mergeMap((shard) => shard),
    )
    .subscribe({ error: (error: unknown) => log.push(error) });
  expect(log).toEqual([broken]);
});

it('shards messages of any kind by reference', () => {
  const message = Object.freeze({ then: () => 'never called' });
  const out: unknown[] = [];
  from([message])
    .pipe(
      shardBy('round-robin', { shards: 2 }),
      mergeMap((shard) => shard),
    )
    .subscribe((one) => out.push(one));
  expect(out[0]).toBe(message);
});
