import { NEVER, type OperatorFunction } from 'rxjs';
import {
  dedupeWithin,
  reorderBy,
  sequenceGaps,
  type KeyOptions,
  type SequenceNumber,
  type SequenceOf,
} from 'rxjs-reliable';
import type { BaseOptions } from './Rig.js';

/** A message with a number, or what claims to be one. */
export interface Numbered {
  readonly n: unknown;
  readonly key?: unknown;
}

/** What the hostile tests read of any operator's events. */
export interface AnyEvent {
  readonly kind: string;
  readonly message?: unknown;
  readonly reason?: unknown;
  readonly passed?: boolean;
}

/** An operator that reads numbers, ready for bad ones. */
export interface Subject {
  readonly name: string;
  /** Whether it passes on what it cannot number. */
  readonly passesInvalid: boolean;
  readonly make: (
    base: BaseOptions<AnyEvent>,
    extra?: KeyOptions<Numbered, unknown>,
  ) => OperatorFunction<Numbered, unknown>;
}

const numberOf: SequenceOf<Numbered> = ({ n }) => n as SequenceNumber;
/** All numbers are believed. */
export const credulous = {
  maxJump: Number.MAX_SAFE_INTEGER,
  maxMisorder: Number.MAX_SAFE_INTEGER,
} as const;

/** The operators that count: each number is followed by the next. */
export const countingSubjects: readonly Subject[] = [
  {
    name: 'reorderBy',
    passesInvalid: false,
    make: (base, extra) => reorderBy(numberOf, { ...base, ...extra }),
  },
  {
    name: 'reorderBy that believes anything',
    passesInvalid: false,
    make: (base, extra) => reorderBy(numberOf, { ...base, ...extra, ...credulous }),
  },
  {
    name: 'sequenceGaps',
    passesInvalid: true,
    make: (base, extra) => sequenceGaps<Numbered, unknown>(numberOf, { ...base, ...extra }),
  },
  {
    name: 'sequenceGaps that tolerates, asks, and believes anything',
    passesInvalid: true,
    make: (base, extra) =>
      sequenceGaps<Numbered, unknown>(numberOf, {
        ...base,
        ...extra,
        ...credulous,
        toleranceMs: 5,
        recover: { request: () => NEVER, timeoutMs: 5 },
      }),
  },
  {
    name: "dedupeWithin kind: 'sequence'",
    passesInvalid: false,
    make: (base, extra) =>
      dedupeWithin<Numbered, unknown>(
        { kind: 'sequence', size: 1_024, sequenceOf: numberOf },
        { ...base, ...extra },
      ),
  },
  {
    name: "dedupeWithin kind: 'sequence' that believes anything",
    passesInvalid: false,
    make: (base, extra) =>
      dedupeWithin<Numbered, unknown>(
        { kind: 'sequence', size: 1_024, sequenceOf: numberOf, maxJump: credulous.maxJump },
        { ...base, ...extra },
      ),
  },
];

/** With those that only compare. */
export const numberedSubjects: readonly Subject[] = [
  ...countingSubjects,
  {
    name: "reorderBy by: 'sparse'",
    passesInvalid: false,
    make: (base, extra) => reorderBy(numberOf, { ...base, ...extra, by: 'sparse' }),
  },
];

/** With those that read event times, or nothing but keys. */
export const allSubjects: readonly Subject[] = [
  ...numberedSubjects,
  {
    name: "reorderBy by: 'time'",
    passesInvalid: false,
    make: (base, extra) => reorderBy(numberOf, { ...base, ...extra, by: 'time', boundMs: 100 }),
  },
  {
    name: 'dedupeWithin a time',
    passesInvalid: false,
    make: (base, extra) =>
      dedupeWithin<Numbered, unknown>(1_000, { keyBy: numberOf, ...base, ...extra }),
  },
  {
    name: 'dedupeWithin a count',
    passesInvalid: false,
    make: (base, extra) =>
      dedupeWithin<Numbered, unknown>(
        { kind: 'count', count: 10_000 },
        { keyBy: numberOf, ...base, ...extra },
      ),
  },
  {
    name: 'dedupeWithin a watermark',
    passesInvalid: false,
    make: (base, extra) =>
      dedupeWithin<Numbered, unknown>(
        { kind: 'watermark', eventTimeOf: ({ n }) => n as number, delayMs: 1_000 },
        { keyBy: numberOf, ...base, ...extra },
      ),
  },
];

/** As rows of a table of tests: name first. */
export function named<S extends { readonly name: string }>(
  subjects: readonly S[],
): (readonly [name: string, subject: S])[] {
  return subjects.map((subject) => [subject.name, subject]);
}
