/** What options mergeShards refuses. */
import { mergeShards, OptionError, type Shard } from 'rxjs-reliable';
import { describe, expect, it } from 'vitest';

describe('options', () => {
  const bad: readonly (readonly [string, object])[] = [
    ['order', { order: 'sorted' }],
    ['order.by', { order: {} }],
    ['order.by', { order: { by: 'key', idleMs: 1 } }],
    ['order.idleMs', { order: { by: () => 1 } }],
    ['order.idleMs', { order: { by: () => 1, idleMs: -1 } }],
    ['order.idleMs', { order: { by: () => 1, idleMs: NaN } }],
    ['onShardError', { onShardError: 'ignore' }],
    ['maxRestarts', { maxRestarts: -1 }],
    ['maxRestarts', { maxRestarts: Infinity }],
    ['maxBuffer', { maxBuffer: 0 }],
    ['maxBuffer', { maxBuffer: 1.5 }],
    ['latePolicy', { latePolicy: 'error' }],
    ['onEvent', { onEvent: {} }],
    ['scheduler', { scheduler: 1 }],
  ];
  const expected: Record<string, string> = {
    order: "one of 'arrival', 'source'",
    'order.by': 'a function',
    'order.idleMs': 'a number of milliseconds, 0 or more',
    onShardError: "one of 'fail', 'drop', 'restart'",
    maxRestarts: 'an integer from 0 to 16777216',
    maxBuffer: 'an integer from 1 to 16777216',
    latePolicy: "one of 'drop', 'emit'",
    onEvent: 'a function',
    scheduler: 'a scheduler with now() and schedule()',
  };
  const refused = (option: string, mustBe: string, make: () => unknown): void => {
    expect(make).toThrow(OptionError);
    expect(make).toThrow(`mergeShards: option \`${option}\` must be ${mustBe}, got `);
  };
  const make = (options: unknown) => () =>
    mergeShards((shard: Shard<number>) => shard, options as object);
  it.each(bad)('H41, H43: %s is refused: %j', (option, options) => {
    refused(option, String(expected[option]), make(options));
  });

  it('are objects', () => {
    refused('order', 'an object', make({ order: null }));
    refused('options', 'an object', make(null));
  });

  it('may be any of what there is', () => {
    for (const onShardError of ['fail', 'drop', 'restart']) make({ onShardError })();
    for (const latePolicy of ['drop', 'emit']) make({ latePolicy })();
    for (const order of ['arrival', 'source', undefined]) make({ order, maxRestarts: 0 })();
  });

  it('include a pipeline', () => {
    refused('pipeline', 'a function', () => mergeShards(undefined as never));
  });
});
