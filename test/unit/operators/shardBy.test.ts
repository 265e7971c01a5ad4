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
import { eachMessage, mergeShards, OptionError, shardBy, type ShardByEvent } from 'rxjs-reliable';
import { operatorContract } from 'rxjs-reliable/testing';
import { describe, expect, it } from 'vitest';
import { listenToShards } from '../../support/listenToShards.js';

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

it('listens to what onEvent returns after the stream of shards is over, too', () => {
  let heard = 0;
  const answer = { then: () => (heard += 1) };
  const work = new Subject<number>();
  range(0, 2)
    .pipe(
      shardBy('round-robin', { shards: 1, onEvent: () => answer as unknown as undefined }),
      mergeShards(
        eachMessage(() => work),
        { onShardError: 'drop' },
      ),
    )
    .subscribe();
  work.error(new Error('broken'));
  expect(heard).toBe(1);
});

it('tells nothing more to who has left', () => {
  const source = new Subject<string>();
  const told: unknown[] = [];
  const onEvent = (event: ShardByEvent<string>): void => {
    told.push(event.message);
    subscription.unsubscribe();
  };
  const subscription = source
    .pipe(shardBy('round-robin', { shards: 1, onEvent }))
    .subscribe({ error: () => undefined });
  source.next('a');
  source.next('b');
  source.error(new Error('broken'));
  expect(told).toEqual(['a']);
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
