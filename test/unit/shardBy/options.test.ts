/** What options shardBy refuses. */
import { OptionError, shardBy } from 'rxjs-reliable';
import { describe, expect, it } from 'vitest';

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
