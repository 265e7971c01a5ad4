/** Options that cannot be used: an OptionError when the operator is created, never a silent coercion. */
import { asyncScheduler, NEVER } from 'rxjs';
import { dedupeWithin, OptionError, reorderBy, sequenceGaps, StreamError } from 'rxjs-reliable';
import { describe, expect, it } from 'vitest';

const { MAX_SAFE_INTEGER } = Number;
const [noNumbers, noFunctions] = [
  ['5', null, true, {}, [5], 5n],
  ['5', null, 5, true, {}, NaN],
];
const noCounts = [NaN, Infinity, -Infinity, -1, 1.5, 2 ** 53, ...noNumbers];
/** 2^24 is the most that a `Map` holds. */
const noBoundedCounts = [...noCounts, 2 ** 24 + 1, 2 ** 31];
const noDurations = [NaN, -Infinity, -1, -0.5, ...noNumbers];
const noSequences = [NaN, Infinity, -Infinity, -1, 1.5, 2 ** 53, -1n, '5', null, true, {}, [5]];
const noWords = ['', 'nonsense', 'DROP', 'toString', null, 0, 5, true, NaN, ['drop']];
const noSchedulers = [null, 5, 'async', {}, { now: () => 0 }, { schedule: () => NEVER }, () => 0];

interface OptionCase {
  /** As the error names it. */
  readonly option: string;
  readonly bad: readonly unknown[];
  readonly good: readonly unknown[];
  readonly make: (value: unknown) => unknown;
}
interface OperatorCases {
  readonly operator: string;
  readonly cases: readonly OptionCase[];
}

type Make = (options: object) => unknown;
/** Options that lie side by side in one object. */
function inside(
  make: Make,
  group: string,
  table: Record<string, readonly [readonly unknown[], readonly unknown[]]>,
) {
  return Object.entries(table).map(([name, [bad, good]]): OptionCase => {
    const option = group === '' ? name : `${group}.${name}`;
    return { option, bad, good, make: (value) => make({ [name]: value }) };
  });
}

const self = (n: number): number => n;
const counts = [1, 5, 2 ** 24, undefined] as const;
const durations = [0, 0.5, 5, 2 ** 31, MAX_SAFE_INTEGER, Infinity, undefined] as const;
const functions = [self, undefined] as const;
const schedulers = [asyncScheduler, undefined] as const;
const common = {
  scheduler: [noSchedulers, schedulers],
  keyBy: [noFunctions, functions],
  onEvent: [noFunctions, functions],
  maxKeys: [[0, ...noBoundedCounts], counts],
} as const;
const sequence = {
  epochOf: [noFunctions, functions],
  previousOf: [noFunctions, functions],
  first: [noSequences, [0, 5, 5n, MAX_SAFE_INTEGER, undefined]],
  modulus: [
    [0, 1, 2, 0n, 2n, ...noSequences],
    [3, 2 ** 16, 2n ** 64n, undefined],
  ],
  maxJump: [
    [0, ...noCounts],
    [1, 2 ** 31, MAX_SAFE_INTEGER, undefined],
  ],
  maxMisorder: [noCounts, [0, 1, 2 ** 31, MAX_SAFE_INTEGER, undefined]],
  restartAfter: [
    [0, 1_025, ...noBoundedCounts],
    [1, 1_024, undefined],
  ],
} as const;
const holding = {
  maxWaitMs: [noDurations, durations],
  maxBuffer: [[0, ...noBoundedCounts], counts],
  overflowPolicy: [noWords, ['skip', 'drop-newest', 'error', undefined]],
  latePolicy: [noWords, ['drop', 'emit', 'error', undefined]],
} as const;

const bySequence: Make = (options) => reorderBy(self, options);
const bySparse: Make = (options) => reorderBy(self, { by: 'sparse', ...options });
const byTime: Make = (options) => reorderBy(self, { by: 'time', boundMs: 5, ...options });
const gaps: Make = (options) => sequenceGaps(self, options);
const recover: Make = (options) =>
  sequenceGaps(self, { recover: { request: () => [], ...options } });
const backoff: Make = (options) => recover({ backoff: options });
const within: Make = (options) => dedupeWithin(5, options);
const time: Make = (window) => dedupeWithin({ kind: 'time', ms: 5, ...window });
const count: Make = (window) => dedupeWithin({ kind: 'count', count: 5, ...window });
const watermark: Make = (window) =>
  dedupeWithin({ kind: 'watermark', eventTimeOf: self, delayMs: 5, ...window });
const numbers: Make = (window) =>
  dedupeWithin({ kind: 'sequence', sequenceOf: self, size: 5, ...window });

const operators: readonly OperatorCases[] = [
  {
    operator: 'reorderBy',
    cases: [
      {
        option: 'orderOf',
        bad: [undefined, ...noFunctions],
        good: [self],
        make: (value) => reorderBy(value as typeof self),
      },
      {
        option: 'options',
        bad: [null, 5, 'x', true],
        good: [{}, undefined],
        make: (value) => reorderBy(self, value as object),
      },
      ...inside(bySequence, '', { ...common, ...holding, ...sequence }),
      ...inside(bySequence, '', { by: [noWords, ['sequence', 'sparse', undefined]] }),
      ...inside(bySequence, '', { startWaitMs: [noDurations, durations] }),
      ...inside(bySparse, '', { ...common, ...holding }),
      ...inside(byTime, '', { ...common, ...holding, maxSkewMs: [noDurations, durations] }),
      ...inside(byTime, '', { boundMs: [[undefined, ...noDurations], durations.slice(0, -1)] }),
    ],
  },
  {
    operator: 'sequenceGaps',
    cases: [
      {
        option: 'sequenceOf',
        bad: [undefined, ...noFunctions],
        good: [self],
        make: (value) => sequenceGaps(value as typeof self),
      },
      {
        option: 'options',
        bad: [null, 5, 'x', true],
        good: [{}, undefined],
        make: (value) => sequenceGaps(self, value as object),
      },
      ...inside(gaps, '', {
        ...common,
        ...sequence,
        toleranceMs: [noDurations, durations],
        maxGaps: [[0, ...noBoundedCounts], counts],
        duplicatePolicy: [noWords, ['pass', 'drop', undefined]],
        lostPolicy: [noWords, ['report', 'error', undefined]],
        markers: [noWords, ['detected', 'lost', undefined]],
        announced: [
          [5, true, null, {}, NaN, () => NEVER],
          [NEVER, [1], Promise.resolve(1), undefined],
        ],
        recover: [
          [5, 'x', true, null, () => NEVER],
          [{ request: () => [] }, undefined],
        ],
      }),
      ...inside(recover, 'recover', {
        request: [[undefined, ...noFunctions], [() => []]],
        fallback: [noFunctions, functions],
        maxAttempts: [
          [0, 1_001, ...noBoundedCounts],
          [1, 1_000, undefined],
        ],
        timeoutMs: [
          [0, 0.5, ...noDurations],
          [1, 2 ** 31, Infinity, undefined],
        ],
        delayMs: [noDurations, durations],
        deadlineMs: [noDurations, durations],
        maxInFlight: [
          [0, 65_537, ...noBoundedCounts],
          [1, 65_536, undefined],
        ],
        maxRange: [[0, ...noBoundedCounts], counts],
        backoff: [
          [5, 'x', true, null],
          [{}, undefined],
        ],
      }),
      ...inside(backoff, 'recover.backoff', {
        factor: [
          [0, 0.5, Infinity, ...noDurations],
          [1, 1.5, 10, undefined],
        ],
        maxMs: [
          [0, 0.5, ...noDurations],
          [1, 5.5, Infinity, undefined],
        ],
        jitter: [
          [1.5, Infinity, ...noDurations],
          [0, 0.2, 1, undefined],
        ],
      }),
    ],
  },
  {
    operator: 'dedupeWithin',
    cases: [
      {
        option: 'window',
        bad: [undefined, null, '5', true],
        good: [5, { kind: 'time', ms: 5 }],
        make: (value) => dedupeWithin(value as number),
      },
      {
        option: 'window.ms',
        bad: [NaN, -1, -Infinity],
        good: [0, 0.5, Infinity],
        make: (value) => dedupeWithin(value as number),
      },
      {
        option: 'options',
        bad: [null, 5, 'x', true],
        good: [{}, undefined],
        make: (value) => dedupeWithin(5, value as object),
      },
      ...inside(within, '', { ...common, repeatPolicy: [noWords, ['drop', 'pass', undefined]] }),
      ...inside(time, 'window', {
        kind: [[undefined, ...noWords], ['time']],
        ms: [[undefined, ...noDurations], durations.slice(0, -1)],
        refresh: [
          [null, 0, 1, 'true', {}],
          [true, false, undefined],
        ],
      }),
      ...inside(count, 'window', {
        count: [
          [0, undefined, ...noBoundedCounts],
          [1, 2 ** 24],
        ],
      }),
      ...inside(watermark, 'window', {
        eventTimeOf: [[undefined, ...noFunctions], [self]],
        delayMs: [[undefined, ...noDurations], durations.slice(0, -1)],
        maxSkewMs: [noDurations, durations],
        latePolicy: [noWords, ['drop', 'emit', 'error', undefined]],
      }),
      ...inside(numbers, 'window', {
        sequenceOf: [[undefined, ...noFunctions], [self]],
        size: [
          [0, undefined, ...noBoundedCounts],
          [1, 1_000],
        ],
        modulus: sequence.modulus,
        latePolicy: [noWords, ['drop', 'emit', 'error', undefined]],
        maxJump: sequence.maxJump,
        epochOf: sequence.epochOf,
        restartAfter: sequence.restartAfter,
      }),
    ],
  },
];

function refusalOf(make: () => unknown): unknown {
  try {
    make();
  } catch (error) {
    return error;
  }
  return undefined;
}

describe.each(operators)('$operator', ({ operator, cases }) => {
  it.each(cases)('H41, H43: refuses what option $option cannot be', ({ option, bad, make }) => {
    for (const value of bad) {
      const error = refusalOf(() => make(value));
      expect(error, `given ${String(value)}`).toBeInstanceOf(OptionError);
      expect(error).toMatchObject({
        name: 'OptionError',
        code: 'RELIABLE_OPTION',
        operator,
        option,
        received: value,
      });
      expect(StreamError.is(error)).toBe(true);
      const { message } = error as OptionError;
      const shown = typeof value === 'string' ? JSON.stringify(value) : String(value);
      expect(message).toContain(`${operator}: option \`${option}\` must be `);
      expect(message).toContain(typeof value === 'function' ? 'a function' : shown);
    }
  });

  it.each(cases)('H40, H43: takes what option $option can be', ({ good, make }) => {
    for (const value of good) expect(() => make(value), String(value)).not.toThrow();
  });
});

describe('options that only make no sense together', () => {
  it('are refused: a first number that is not below the modulus', () => {
    for (const make of [bySequence, gaps]) {
      expect(() => make({ first: 16, modulus: 16 })).toThrow(OptionError);
      expect(() => make({ first: 15, modulus: 16 })).not.toThrow();
    }
  });
});
