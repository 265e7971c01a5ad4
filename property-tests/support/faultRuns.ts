/** Runs operators on drawn cases, and tells which corners that came through. */
import {
  reorderBy,
  type ReorderByEvent,
  sequenceGaps,
  type SequenceGapsEvent,
} from 'rxjs-reliable';
import {
  type Arrival,
  type ClockRecord,
  type ControlScript,
  type FaultRecord,
  faultyResponder,
  type ResponderRecord,
  type ScriptMessage,
  type SwizzleRecord,
  VirtualClock,
} from 'rxjs-reliable/testing';
import type { FaultRules } from './faultCases.js';
import { answerCorners, type Corner } from './faultCorners.js';
import { type Consumer, runTimed, type TimedRun } from './runTimed.js';

/** What a drawn case is about. */
export interface FaultCase {
  readonly script: readonly FaultRecord[];
  readonly arrivals: readonly Arrival[];
  readonly control: ControlScript;
  readonly clockFaults: readonly ClockRecord[];
  readonly responder: readonly ResponderRecord[];
  readonly swizzle: readonly SwizzleRecord[];
  readonly rules: FaultRules;
}

/** Follows what is held. */
class Watch {
  readonly held = new Set<ScriptMessage>();
  readonly met = new Set<string>();
  readonly #emitted = new Set<number>();
  #arriving: ScriptMessage | undefined;
  #values = 0;
  /** Whether what is emitted was held before. */
  isFlush = false;

  constructor(private readonly rules: FaultRules) {}

  arrive(message: ScriptMessage): void {
    if (message === this.#arriving) return;
    if (this.held.size === this.rules.maxBuffer) this.met.add('buffer exactly full');
    this.#arriving = message;
    this.held.add(message);
  }

  hear(event: ReorderByEvent<ScriptMessage>): void {
    const name = 'reason' in event ? `${event.kind} ${event.reason}` : event.kind;
    if (this.met.has('skipped wait') && event.kind === 'late') this.met.add('late after a skip');
    this.met.add(name);
    if (!('message' in event) || !('passed' in event)) return;
    this.held.delete(event.message);
    if (event.kind !== 'duplicate') return;
    const isHeld = [...this.held].some(({ index }) => index === event.message.index);
    if (isHeld) this.met.add('duplicate of what is held');
    if (this.#emitted.has(event.message.index)) this.met.add('duplicate of what was emitted');
  }

  /** Returns how many values there were before. */
  emit(message: ScriptMessage): number {
    this.held.delete(message);
    this.isFlush = message !== this.#arriving || this.held.size > 0;
    this.#emitted.add(message.index);
    return this.#values++;
  }
}

/** Does within `next` what the control says, and watches. */
function consume(
  { arrivals, control }: FaultCase,
  watch: Watch,
  clock: () => VirtualClock | undefined,
) {
  return (value: unknown, consumer: Consumer<ScriptMessage>): void => {
    const place = watch.emit(value as ScriptMessage);
    const { isFlush } = watch;
    const { busyMs = [], leaveAt, reentrantAt = [] } = control;
    const ms = busyMs[place % busyMs.length] ?? 0;
    if (ms > 0) {
      clock()?.block(ms);
      watch.met.add('slow consumer');
    }
    const next = arrivals[place + 1];
    if (reentrantAt.includes(place) && next !== undefined) {
      if (isFlush) watch.met.add('push within a flush');
      consumer.send(Object.freeze({ ...next.message, copy: 9 }));
    }
    if (leaveAt === place) {
      if (isFlush) watch.met.add('unsubscribe within a flush');
      consumer.unsubscribe();
    }
  };
}

/** Where the sender's numbers wrap; while shrinking it may be too low to be one. */
function modulusOf(script: readonly FaultRecord[]): number | undefined {
  return script.map(({ modulus = 0 }) => modulus).find((modulus) => modulus > 2);
}

/** Names of all corners that {@link runReorder} knows. */
export const reorderCorners = [
  ...[
    'buffer exactly full',
    'overflow',
    'skipped overflow',
    'three skips',
    'skipped wait',
    'late after a skip',
  ],
  ...['duplicate of what is held', 'duplicate of what was emitted', 'arrival on a deadline'],
  ...['complete while holding', 'error while holding', 'push within a flush', 'slow consumer'],
  ...['unsubscribe within a flush', 'clock back while a timer is pending', 'timer over 2^31 ms'],
  ...['subscribed again after an error'],
];

/** The corners that `reorderBy` comes through. */
export function runReorder(drawn: FaultCase): Corner[] {
  const { arrivals, clockFaults, control, rules, script } = drawn;
  const { maxBuffer, maxWaitMs, overflowPolicy } = rules;
  const watch = new Watch(rules);
  const { met } = watch;
  let clock: VirtualClock | undefined;
  const run = runTimed<ScriptMessage>(
    (scheduler, report) => {
      if (scheduler instanceof VirtualClock) clock = scheduler;
      return reorderBy<ScriptMessage>(
        (message) => {
          watch.arrive(message);
          return message.seq;
        },
        {
          ...{ maxBuffer, maxWaitMs, overflowPolicy, scheduler },
          modulus: modulusOf(script),
          onEvent: (event) => {
            watch.hear(event);
            report(event);
          },
        },
      );
    },
    { arrivals, clockFaults, control, consume: consume(drawn, watch, () => clock) },
  );
  for (const name of timeCorners(run, drawn)) met.add(name);
  return reorderCorners.map((name): Corner => [name, met.has(name)]);
}

function* timeCorners(
  run: TimedRun<ScriptMessage>,
  { arrivals, clockFaults, rules }: FaultCase,
): Generator<string> {
  const { log, ending } = run;
  const instants = new Set(arrivals.map(({ atMs }) => atMs));
  const skips = log.flatMap((entry) => {
    if (entry.kind !== 'event') return [];
    const event = entry.event as ReorderByEvent<ScriptMessage>;
    return event.kind === 'skipped' ? [{ atMs: entry.atMs, reason: event.reason }] : [];
  });
  if (skips.length >= 3) yield 'three skips';
  const waits = skips.filter(({ reason }) => reason === 'wait');
  if (waits.some(({ atMs }) => instants.has(atMs))) yield 'arrival on a deadline';
  if (run.clock.scheduled > 0 && rules.maxWaitMs >= 2 ** 31) yield 'timer over 2^31 ms';
  if (skips.some(({ reason }) => reason === 'completed')) yield 'complete while holding';
  const isDiscarded = log.some(
    (one) => one.kind === 'event' && (one.event as { kind: string }).kind === 'discarded',
  );
  if (ending === 'error' && isDiscarded) yield 'error while holding';
  if (ending === 'error' && run.again !== undefined) yield 'subscribed again after an error';
  let faultMs = 0;
  for (const { byMs, gapMs, kind } of clockFaults) {
    faultMs += gapMs;
    // Something is held from maxWaitMs before a skip to the skip.
    const isPending = waits.some(({ atMs }) => atMs > faultMs && atMs - rules.maxWaitMs <= faultMs);
    if (kind === 'back' && byMs > 0 && isPending) yield 'clock back while a timer is pending';
  }
}

/** The corners that `sequenceGaps` comes through when it asks for what is missing. */
export function runGaps(drawn: FaultCase): Corner[] {
  const { arrivals, clockFaults, control, responder, rules, script } = drawn;
  const onTime = responder.find(({ delayMs, mode }) => delayMs > 0 && mode !== 'sync')?.delayMs;
  const timeoutMs = (rules.isAnswerOnTime ? onTime : undefined) ?? 60;
  const modulus = modulusOf(script);
  const met = new Map<string, boolean>([
    ['reset while a gap is open', false],
    ['wrap while a gap is open', false],
  ]);
  const count = ([name, isMet]: Corner): unknown => met.set(name, isMet || met.get(name) === true);
  for (const answer of responder) {
    for (const [name] of answerCorners(answer, timeoutMs)) count([name, false]);
  }
  let [asked, heard, open, before, current] = [0, 0, 0, NaN, 0];
  const hear = (event: SequenceGapsEvent<ScriptMessage>): void => {
    if (event.kind === 'gap') open += Number(event.count);
    if (event.kind === 'filled' || event.kind === 'lost') open -= Number(event.count);
    if (event.kind === 'lost' && event.reason === 'reset')
      count(['reset while a gap is open', true]);
  };
  runTimed<ScriptMessage>(
    (scheduler) => {
      const respond = faultyResponder(responder, (seq) => answerOf(Number(seq), current), {
        scheduler,
      });
      return sequenceGaps<ScriptMessage>(
        ({ epoch, seq }) => {
          current = epoch;
          const wraps = modulus !== undefined && before - seq > modulus / 2;
          if (wraps && open > 0) count(['wrap while a gap is open', true]);
          before = Number.isSafeInteger(seq) ? seq : before;
          return seq;
        },
        {
          // Or a jump would be filled by tens of thousands of answers.
          ...{ scheduler, modulus, onEvent: hear, maxJump: 60, epochOf: ({ epoch }) => epoch },
          recover: {
            ...{ timeoutMs, maxAttempts: 2, backoff: { factor: 1, maxMs: 200 } },
            delayMs: Math.min(rules.maxWaitMs, 200),
            request: (gap) => {
              const answer = responder[asked++ % responder.length];
              if (answer !== undefined) answerCorners(answer, timeoutMs).forEach(count);
              return respond(gap);
            },
          },
        },
      );
    },
    {
      ...{ arrivals, clockFaults, control },
      // Wrong answers run ahead of what was asked; where numbers wrap soon, each makes a gap for the next, without end.
      consume: (_, consumer) => {
        if (++heard > 300) consumer.unsubscribe();
      },
    },
  );
  return [...met];
}

function answerOf(seq: number, epoch: number): ScriptMessage {
  return { seq, epoch, index: -1, copy: 0, sentAtMs: 0, producer: 0, eventTimeMs: 0 };
}
