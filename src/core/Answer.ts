import type { Parcel } from './Parcel.js';

/** Something that came of a message: a result, the end of its results, or that none can be had. */
export interface Answer<T, R> {
  readonly parcel: Parcel<T>;
  /** `undefined` where there is no result. */
  readonly value: R | undefined;
  readonly isResult: boolean;
  /** Nothing more will come of the message. */
  readonly isEnd: boolean;
  /** Why the message is given up, although the pipeline goes on. */
  readonly failure?: { readonly error: unknown };
}

/** Tells failed work from errors, also that of another copy of this package. */
const failedBrand = 'rxjs-reliable/failed-work';

/** What a stream of answers fails with. */
export class FailedWork<T> {
  readonly brand: string = failedBrand;

  constructor(
    /** The messages that are to blame, not to be tried again. */
    readonly poison: readonly Parcel<T>[],
    readonly error: unknown,
  ) {}
}

/** `thrown` if it is failed work. */
export function failedWorkOf(thrown: unknown): FailedWork<unknown> | undefined {
  if (typeof thrown !== 'object' || thrown === null) return undefined;
  return (thrown as Partial<FailedWork<unknown>>).brand === failedBrand
    ? (thrown as FailedWork<unknown>)
    : undefined;
}

/** Leads from a pipeline's output to the answers behind it, also in another copy of this package. */
const answersKey = /* @__PURE__ */ Symbol.for('rxjs-reliable/answers');

/** Makes `output` lead to the answers behind it. */
export function attachAnswers<O extends object>(output: O, answers: object): O {
  return Object.defineProperty(output, answersKey, { value: answers });
}

/** The answers behind a pipeline's output; `undefined` for any but those of `eachMessage`. */
export function answersOf(output: unknown): object | undefined {
  if (typeof output !== 'object' || output === null) return undefined;
  return (output as { readonly [answersKey]?: object })[answersKey];
}
