import { concat, map, NEVER, type Observable, of, timer } from 'rxjs';
import { reorderBy, sequenceGaps, type SequenceNumber } from 'rxjs-reliable';
import { faultyResponder, type ScriptMessage } from 'rxjs-reliable/testing';
import { chosen } from './chosen.js';
import type { SharedOptions } from './sharedCase.js';
import type { SharedSubject, SharedTools } from './SharedSubject.js';

const none = (): number => 0;
const oneTimer = (): number => 1;
const keyOf = ({ keys }: SharedOptions, { index }: ScriptMessage): number => index % keys;

/** How many sequences there may be at once. */
function sequencesOf({ keys, maxKeys }: SharedOptions): number {
  return Math.min(Math.max(keys, 1), maxKeys);
}

/** What all that number messages are told. */
function numbering(options: SharedOptions, { callback }: SharedTools) {
  const { first, keys, maxJump, maxKeys } = options;
  const keyBy = callback('keyBy', (message: ScriptMessage) => keyOf(options, message));
  return {
    ...(keys > 0 ? { keyBy, maxKeys } : {}),
    ...{ first: first ?? undefined, maxJump, restartAfter: 3 },
  };
}

function epochsOf({ policy }: SharedOptions, { callback }: SharedTools) {
  const epochOf = callback('epochOf', ({ epoch }: ScriptMessage) => epoch);
  return policy % 2 === 0 ? { epochOf } : {};
}

const seqOf = ({ callback }: SharedTools) =>
  callback('sequenceOf', ({ seq }: ScriptMessage): SequenceNumber => seq);

/** What the sender says about itself 100 ms after it is asked. */
function announcing({ announced, keys }: SharedOptions, { inner, work }: SharedTools) {
  if (announced === null) return {};
  const mark = keys > 0 ? { key: 0, sequence: announced } : announced;
  return { announced: inner(concat(timer(100, work).pipe(map(() => mark)), NEVER)) };
}

/** A message that was never sent by itself. */
function answerOf(seq: SequenceNumber, key: unknown): ScriptMessage {
  const index = typeof key === 'number' ? key : 0;
  const about = { epoch: 0, copy: 0, sentAtMs: 0, producer: 0, eventTimeMs: 0 };
  return Object.freeze({ ...about, seq: seq as number, index });
}

type Gap = Readonly<Record<'first' | 'last' | 'count', SequenceNumber>> & { readonly key: unknown };

/** Answers each request by itself, so that the sender has no memory. */
function respond({ answers }: SharedOptions, { inner, work }: SharedTools, gap: Gap, attempt = 1) {
  const record = answers[(Number(gap.count) + attempt) % answers.length];
  const answer = faultyResponder(
    record === undefined ? [] : [record],
    (seq) => answerOf(seq, gap.key),
    { scheduler: work },
  );
  return inner(answer(gap));
}

/** Each missing number is asked for, answered and told of: what longer gaps bring looks like an endless loop. */
const longestGap = 60;

function makeAsking(drawn: SharedOptions, tools: SharedTools) {
  const { callback, report, scheduler } = tools;
  const options = { ...drawn, maxJump: Math.min(drawn.maxJump, longestGap) };
  const { policy, room, spanMs, waitMs } = options;
  const fallback = callback('fallback', ({ last, key }: Gap): Observable<ScriptMessage> =>
    tools.inner(of(answerOf(typeof last === 'bigint' ? last + 1n : last + 1, key))),
  );
  return sequenceGaps<ScriptMessage, number | undefined>(seqOf(tools), {
    ...numbering(options, tools),
    ...{ scheduler, onEvent: report },
    lostPolicy: chosen(policy, 3, ['report', 'report', 'report', 'error']),
    recover: {
      request: callback('request', (gap: Gap, attempt: number) =>
        respond(options, tools, gap, attempt),
      ),
      ...(policy % 3 === 0 ? { fallback } : {}),
      ...{ delayMs: waitMs, timeoutMs: 1 + spanMs, maxAttempts: 2 },
      ...{ maxInFlight: room, maxRange: 8, backoff: { factor: 1.5 } },
    },
  });
}

function neverAnswered(options: SharedOptions): SharedOptions {
  const answers = [{ mode: 'never', delayMs: 0, stepMs: 0, drop: false }] as const;
  return { ...options, answers, policy: 0, waitMs: 0, spanMs: 5, first: 0 };
}

const gapSubjects: readonly SharedSubject[] = [
  {
    name: 'sequenceGaps',
    operator: 'sequenceGaps',
    callbacks: { sequenceOf: 'ends', keyBy: 'ends', epochOf: 'ends' },
    timers: oneTimer,
    held: none,
    inner: oneTimer,
    label: 'seq',
    make(options, tools) {
      const { policy, room, waitMs } = options;
      const given = {
        ...numbering(options, tools),
        ...epochsOf(options, tools),
        ...announcing(options, tools),
        ...{ scheduler: tools.scheduler, onEvent: tools.report, maxGaps: room },
        toleranceMs: chosen(policy, 0, [waitMs, 0]),
        duplicatePolicy: chosen(policy, 1, ['pass', 'drop']),
        lostPolicy: chosen(policy, 3, ['report', 'report', 'report', 'error']),
      } as const;
      const markers = chosen(policy, 5, [undefined, 'detected', 'lost']);
      const sequenceOf = seqOf(tools);
      if (markers === undefined) return sequenceGaps<ScriptMessage, number>(sequenceOf, given);
      return sequenceGaps<ScriptMessage, number>(sequenceOf, { ...given, markers });
    },
  },
  {
    name: 'sequenceGaps that asks',
    operator: 'sequenceGaps',
    callbacks: { sequenceOf: 'ends', keyBy: 'ends', request: 'told', fallback: 'told' },
    timers: oneTimer,
    held: none,
    provoke: { fallback: neverAnswered },
    // Of each key one fallback.
    inner: (options) => options.room + sequencesOf(options),
    label: 'seq',
    hasAnswers: true,
    make: makeAsking,
  },
];

/** What every way to reorder is told. */
function holding({ policy, room, waitMs }: SharedOptions, { report, scheduler }: SharedTools) {
  return {
    ...{ maxBuffer: room, maxWaitMs: waitMs, onEvent: report, scheduler },
    overflowPolicy: chosen(policy, 2, ['skip', 'drop-newest', 'skip', 'error']),
    latePolicy: chosen(policy, 4, ['drop', 'emit', 'drop', 'error']),
  } as const;
}

function keyed(options: SharedOptions, { callback }: SharedTools) {
  const { keys, maxKeys } = options;
  const keyBy = callback('keyBy', (message: ScriptMessage) => keyOf(options, message));
  return keys > 0 ? { keyBy, maxKeys } : {};
}

const reorderSubjects: readonly SharedSubject[] = [
  {
    name: 'reorderBy sequence',
    operator: 'reorderBy',
    callbacks: { sequenceOf: 'ends', keyBy: 'ends', epochOf: 'ends' },
    timers: oneTimer,
    // With those that are not believed yet.
    held: (options) => sequencesOf(options) * (options.room + 2),
    inner: none,
    label: 'seq',
    make: (options, tools) =>
      reorderBy<ScriptMessage, number>(seqOf(tools), {
        ...holding(options, tools),
        ...numbering(options, tools),
        ...epochsOf(options, tools),
        startWaitMs: chosen(options.policy, 6, [0, options.waitMs >> 1]),
      }),
  },
  {
    name: 'reorderBy sparse',
    operator: 'reorderBy',
    callbacks: { sequenceOf: 'ends', keyBy: 'ends' },
    timers: oneTimer,
    held: (options) => sequencesOf(options) * options.room,
    inner: none,
    label: 'seq',
    make: (options, tools) =>
      reorderBy<ScriptMessage, number>(seqOf(tools), {
        ...{ ...holding(options, tools), ...keyed(options, tools), by: 'sparse' },
      }),
  },
  {
    name: 'reorderBy time',
    operator: 'reorderBy',
    callbacks: { eventTimeOf: 'ends', keyBy: 'ends' },
    timers: oneTimer,
    held: (options) => sequencesOf(options) * options.room,
    inner: none,
    label: 'eventTimeMs',
    make: (options, tools) => {
      const timeOf = tools.callback('eventTimeOf', ({ eventTimeMs }: ScriptMessage) => eventTimeMs);
      const shared = { ...holding(options, tools), ...keyed(options, tools) };
      return reorderBy<ScriptMessage, number>(timeOf, {
        ...{ ...shared, by: 'time', boundMs: options.spanMs },
      });
    },
  },
];

/** All that look for order among the messages of a sender. */
export const sequenceSubjects: readonly SharedSubject[] = [...gapSubjects, ...reorderSubjects];
