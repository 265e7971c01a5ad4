import type { OperatorFunction } from 'rxjs';
import {
  type ContractProbe,
  operatorContract,
  type OperatorContractOptions,
} from 'rxjs-reliable/testing';

/** Runs the suite with a runner that keeps what fails instead of failing: title and message. */
export function failuresOf<T, R>(
  makeOperator: (probe: ContractProbe) => OperatorFunction<T, R>,
  options: OperatorContractOptions<T, R> = {},
): Map<string, string> {
  const failures = new Map<string, string>();
  operatorContract('it', makeOperator, {
    reentrantDepth: 50,
    ...options,
    describe: (_, body) => {
      body();
    },
    it: (title, body) => {
      try {
        body();
      } catch (error) {
        failures.set(title, error instanceof Error ? error.message : String(error));
      }
    },
  });
  return failures;
}
