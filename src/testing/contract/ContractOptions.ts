import type { OperatorFunction } from 'rxjs';
import type { VirtualClock } from '../VirtualClock.js';

/** What an operator under test is made with. */
export interface ContractProbe {
  /** The only clock there is while the operator runs; operators without timers may ignore it. */
  readonly scheduler: VirtualClock;
}

/** The two functions of a test runner the suite needs; those of vitest, jest, mocha, jasmine and node:test will do. */
export interface ContractRunner {
  /** Groups tests. */
  readonly describe: (name: string, body: () => void) => unknown;
  /** Declares a test. */
  readonly it: (name: string, body: () => void) => unknown;
}

/** A user callback of the operator under test, and how to make it throw. */
export interface ContractCallback<T, R> {
  /** Makes the operator with `fail` in the place of this callback, or inside it. */
  readonly make: (probe: ContractProbe, fail: () => never) => OperatorFunction<T, R>;
  /** Messages that lead to the callback being called. Default: a few, out of order. */
  readonly messages?: readonly T[] | undefined;
}

/** Options of {@link operatorContract}. */
export interface OperatorContractOptions<T, R = T> extends Partial<ContractRunner> {
  /** Makes the message at `index` of a stream in good order, counted from 0. Needed unless messages are numbers. Default: the index. */
  readonly message?: ((index: number) => T) | undefined;
  /** The operator's callbacks, by name; each is made to throw. Default: none. */
  readonly callbacks?: Readonly<Record<string, ContractCallback<T, R>>> | undefined;
  /** Whether the operator emits something else than its input; then values are not compared by reference. Default false. */
  readonly transforms?: boolean | undefined;
  /** How deep a consumer may push into the source from inside `next`, 0 or more. Default 100_000. */
  readonly reentrantDepth?: number | undefined;
}
