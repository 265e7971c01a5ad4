/** The oracles of `npm run soak`, for a short while: they find nothing, and do find what is wrong once something is. */
import { concatMap, EMPTY, filter, type MonoTypeOperatorFunction, of } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { soaks } from '../../../soak/cases/index.js';
import type { Sabotage } from '../../../soak/runSoak.js';

/** Puts the results number 2,000 and 2,001 into the other order. */
function swapTwo<R>(): MonoTypeOperatorFunction<R> {
  let held: R;
  return concatMap((result, index) => {
    if (index === 2_000) {
      held = result;
      return EMPTY;
    }
    return index === 2_001 ? of(result, held) : of(result);
  });
}

const sabotages: Readonly<Record<string, Sabotage>> = {
  'a result is missing': { results: () => filter((_, index) => index !== 2_000) },
  'a result comes twice': {
    results: () =>
      concatMap((result, index) => (index === 2_000 ? of(result, result) : of(result))),
  },
  'two results are exchanged': { results: swapTwo },
};

/** These have events, without which the account is short. */
const withEvents = [...soaks].filter(([name]) => !name.startsWith('shardBy'));

describe.each([...soaks])('%s', (_, soak) => {
  it.each([1, 2, 3])('is right about 20,000 messages with the seed %i', (seed) => {
    const { days, problem } = soak({ messages: 20_000, seed });
    expect(problem).toBeUndefined();
    // It comes past the five minutes without messages.
    expect(days).toBeGreaterThan(1.2 / 24);
  });

  it.each(Object.entries(sabotages))('is caught when %s', (_, sabotage) => {
    expect(soak({ messages: 10_000, seed: 1, sabotage }).problem).toBeTypeOf('string');
  });
});

it.each(withEvents)('%s is caught when an event is missing', (_, soak) => {
  const sabotage: Sabotage = { losesEvent: (index) => index === 100 };
  expect(soak({ messages: 10_000, seed: 1, sabotage }).problem).toBeTypeOf('string');
});
