import type { OperatorFunction } from 'rxjs';
import { OptionReader } from '../options.js';
import { withTimersCaught } from './contract/Ambient.js';
import { Bench, type Check, type ContractSettings } from './contract/Bench.js';
import { callbackCheck } from './contract/callbackCheck.js';
import type {
  ContractProbe,
  ContractRunner,
  OperatorContractOptions,
} from './contract/ContractOptions.js';
import { ensure } from './contract/ensure.js';
import { entryChecks } from './contract/entryChecks.js';
import { independenceChecks } from './contract/independenceChecks.js';
import { lifecycleChecks } from './contract/lifecycleChecks.js';
import { teardownChecks } from './contract/teardownChecks.js';

export type * from './contract/ContractOptions.js';

const checks: readonly Check[] = [
  ...lifecycleChecks,
  ...teardownChecks,
  ...independenceChecks,
  ...entryChecks,
];

/**
 * Registers the tests that every operator has to pass, those of this package and your own: nothing before it is
 * subscribed, nothing left afterwards, nothing shared, errors where they belong, order kept and the stack too.
 *
 * Use it in a test file, once per operator and kind of options. Each test runs synchronously on a {@link VirtualClock} and
 * fails with a plain Error that says what went wrong, so that any test runner will do.
 *
 * @param name - what the suite is called.
 * @param makeOperator - makes the operator; called at least once per test. It is given a {@link ContractProbe}: pass its
 * `scheduler` to an operator that has timers.
 * @param options - {@link OperatorContractOptions}; `describe` and `it` where they are not global.
 *
 * @example
 * ```ts
 * import { reorderBy } from 'rxjs-reliable';
 * import { operatorContract } from 'rxjs-reliable/testing';
 * import { describe, it } from 'vitest';
 *
 * operatorContract('reorderBy', ({ scheduler }) => reorderBy((n: number) => n, { scheduler }), {
 *   describe,
 *   it,
 *   callbacks: { orderOf: { make: (_, fail) => reorderBy(fail) } },
 * });
 * ```
 * @see RxJS's core semantics, https://rxjs.dev/guide/core-semantics.
 */
export function operatorContract<T = number, R = T>(
  name: string,
  makeOperator: (probe: ContractProbe) => OperatorFunction<T, R>,
  options: OperatorContractOptions<T, R> = {},
): void {
  const reader = new OptionReader('operatorContract', options);
  reader.selector('makeOperator', makeOperator);
  reader.callback('message');
  const settings: ContractSettings<T, R> = {
    makeOperator,
    message: options.message ?? ((index) => index as T),
    callbacks: options.callbacks ?? {},
    transforms: reader.flag('transforms', false),
    reentrantDepth: reader.count('reentrantDepth', 100_000, 0),
  };
  const { describe, it } = runnerOf(options);
  describe(`${name} keeps the operator contract`, () => {
    for (const check of [...checks, ...Object.keys(settings.callbacks).map(callbackCheck)]) {
      it(check.title, () => {
        withTimersCaught(() => {
          check.run(new Bench(settings));
        });
      });
    }
  });
}

/** The functions given, or else the global ones. */
function runnerOf(options: Partial<ContractRunner>): ContractRunner {
  const globals = globalThis as Partial<ContractRunner>;
  const { describe = globals.describe, it = globals.it } = options;
  ensure(
    typeof describe === 'function' && typeof it === 'function',
    'operatorContract: there is no global `describe` and `it`; pass them as options: operatorContract(name, makeOperator, { describe, it })',
  );
  return { describe, it };
}
