import type { Parcel } from './Parcel.js';

/** Something that came of a message: a result, the end of its results, or that none can be had. */
export interface Answer<T, R> {
  readonly parcel: Parcel<T>;
  /** `undefined` at the end. */
  readonly value: R | undefined;
  /** Nothing more will come of the message. */
  readonly isEnd: boolean;
  /** Why the message is given up, although the pipeline goes on. */
  readonly failure?: { readonly error: unknown };
}

/** What a stream of answers fails with. */
export class FailedWork<T> {
  constructor(
    /** The messages that are to blame, not to be tried again. */
    readonly poison: readonly Parcel<T>[],
    readonly error: unknown,
  ) {}
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
