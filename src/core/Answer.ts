import type { Parcel } from './Parcel.js';

/** Something that came of a message: a result, or the end of its results. */
export interface Answer<T, R> {
  readonly parcel: Parcel<T>;
  /** `undefined` at the end. */
  readonly value: R | undefined;
  /** Nothing more will come of the message. */
  readonly isEnd: boolean;
}

/** What a stream of answers fails with: which message was being worked on. */
export class FailedWork<T> {
  constructor(
    readonly parcel: Parcel<T>,
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
