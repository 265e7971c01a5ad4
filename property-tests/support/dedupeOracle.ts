import { LateMessageError } from 'rxjs-reliable';
import type { Oracle } from './oracle.js';
import type { TimedEntry } from './runTimed.js';
import { Tally } from './Tally.js';

/** A message to be judged, by whatever the window looks at. */
export interface DedupeMessage {
  readonly key: number;
  /** Its event time, in ms after the subscription, or what is left of it. */
  readonly timeMs: number;
  /** Its number or range of numbers, or what is left of it. */
  readonly seq: unknown;
  readonly epoch: number;
}

type LatePolicy = 'drop' | 'emit' | 'error';

/** A window as plain JSON; null stands for `Infinity`. */
export type DedupeWindowRules =
  | { readonly kind: 'time'; readonly ms: number | null; readonly refresh: boolean }
  | { readonly kind: 'count'; readonly count: number }
  | {
      readonly kind: 'watermark';
      readonly delayMs: number;
      readonly maxSkewMs: number | null;
      readonly latePolicy: LatePolicy;
    }
  | {
      readonly kind: 'sequence';
      readonly size: number;
      readonly maxJump: number;
      readonly restartAfter: number;
      readonly latePolicy: LatePolicy;
      readonly keyed: boolean;
      readonly epochs: boolean;
    };

export interface DedupeRules {
  readonly window: DedupeWindowRules;
  readonly maxKeys: number;
  readonly repeatPolicy: 'drop' | 'pass';
}

/** What becomes of one message: events, and in the end whether it is emitted. */
interface Verdict {
  readonly events: readonly object[];
  readonly isEmitted: boolean;
  /** What the stream ends with. */
  readonly error?: Error | undefined;
}

type Judge = (message: DedupeMessage, nowMs: number) => Verdict;
type SeemedNew = (message: DedupeMessage) => boolean;
type SequenceRules = Extract<DedupeWindowRules, { kind: 'sequence' }>;

/** What `dedupeWithin` has to do: every message is judged by a look through all that is remembered. */
export class DedupeOracle implements Oracle<DedupeMessage> {
  readonly log: TimedEntry[] = [];
  readonly held = [];
  readonly #judge: Judge;

  /**
   * @param seemedNew - whether the operator took it for new: believed where nothing is promised, that is for a range of
   * which only numbers below the sequence window are new.
   */
  constructor(rules: DedupeRules, seemedNew: (message: DedupeMessage) => boolean) {
    this.#judge = judgeOf(rules, seemedNew);
  }

  dueMs(): number {
    return Infinity;
  }

  take(message: DedupeMessage, atMs: number): void {
    const { events, isEmitted, error } = this.#judge(message, atMs);
    for (const event of events) this.log.push({ atMs, kind: 'event', event });
    if (error !== undefined) throw error;
    if (isEmitted) this.log.push({ atMs, kind: 'next', value: message });
  }

  settle(): void {
    // Nothing is ever due.
  }

  finish(): void {
    // Nothing is held.
  }

  discard(): void {
    // Nothing is held.
  }
}

function judgeOf(rules: DedupeRules, seemedNew: SeemedNew): Judge {
  switch (rules.window.kind) {
    case 'time':
      return timeJudge(rules, rules.window.ms ?? Infinity, rules.window.refresh);
    case 'count':
      return countJudge(rules, rules.window.count);
    case 'watermark':
      return watermarkJudge(rules, rules.window);
    case 'sequence':
      return sequenceJudge(rules, rules.window, seemedNew);
  }
}

const emitted: Verdict = { events: [], isEmitted: true };

function repeat(
  { repeatPolicy }: DedupeRules,
  message: DedupeMessage,
  key: number | undefined,
  firstMs?: number,
  nowMs = NaN,
): Verdict {
  const passed = repeatPolicy === 'pass';
  const ageMs = firstMs === undefined ? undefined : nowMs - firstMs;
  const event = { kind: 'duplicate', message, key, first: firstMs, ageMs, passed };
  return { events: [event], isEmitted: passed };
}

function late(
  latePolicy: LatePolicy,
  message: DedupeMessage,
  key: number | undefined,
  behind: number,
): Verdict {
  const passed = latePolicy === 'emit';
  const event = { kind: 'late', message, key, behind, passed };
  const error = latePolicy === 'error' ? new LateMessageError('dedupeWithin', behind) : undefined;
  return { events: [event], isEmitted: passed, error };
}

function invalid(message: DedupeMessage, key: number | undefined, reason: string): Verdict {
  const event = { kind: 'invalid', message, key, reason, passed: false };
  return { events: [event], isEmitted: false };
}

interface Remembered {
  readonly key: number;
  readonly firstMs: number;
  /** What its age is judged by. */
  readonly sinceMs: number;
}

/** The new one would be one too many: the one with the least `sinceMs` goes. */
function makeRoom(remembered: Remembered[], maxKeys: number): object[] {
  if (remembered.length < maxKeys) return [];
  const oldest = remembered.reduce((one, other) => (other.sinceMs < one.sinceMs ? other : one));
  remembered.splice(remembered.indexOf(oldest), 1);
  return [{ kind: 'evicted', key: oldest.key, first: oldest.firstMs }];
}

function timeJudge(rules: DedupeRules, ms: number, refresh: boolean): Judge {
  let remembered: Remembered[] = [];
  return (message, nowMs) => {
    remembered = remembered.filter(({ sinceMs }) => nowMs < sinceMs + ms);
    const known = remembered.find(({ key }) => key === message.key);
    if (known !== undefined) {
      const { key, firstMs } = known;
      if (refresh) {
        // At the end of the list: of two that were seen at one instant, the one seen first is older.
        remembered = remembered.filter((one) => one !== known);
        remembered.push({ key, firstMs, sinceMs: nowMs });
      }
      return repeat(rules, message, key, firstMs, nowMs);
    }
    const events = makeRoom(remembered, rules.maxKeys);
    remembered.push({ key: message.key, firstMs: nowMs, sinceMs: nowMs });
    return { events, isEmitted: true };
  };
}

function countJudge(rules: DedupeRules, count: number): Judge {
  const firsts: number[] = [];
  return (message) => {
    if (firsts.slice(-count).includes(message.key)) return repeat(rules, message, message.key);
    firsts.push(message.key);
    return emitted;
  };
}

function watermarkJudge(
  rules: DedupeRules,
  window: Extract<DedupeWindowRules, { kind: 'watermark' }>,
): Judge {
  const { delayMs, latePolicy } = window;
  const maxSkewMs = window.maxSkewMs ?? Infinity;
  const times: number[] = [];
  let remembered: Remembered[] = [];
  return (message, nowMs) => {
    const { key, timeMs } = message;
    if (!Number.isFinite(timeMs)) return invalid(message, key, 'type');
    if (timeMs > nowMs + maxSkewMs) return invalid(message, key, 'skew');
    const watermark = Math.max(-Infinity, ...times) - delayMs;
    times.push(timeMs);
    if (timeMs <= watermark) return late(latePolicy, message, key, watermark - timeMs);
    remembered = remembered.filter(({ firstMs }) => firstMs + delayMs > watermark);
    const known = remembered.find((one) => one.key === key);
    if (known !== undefined) return repeat(rules, message, key, known.firstMs, timeMs);
    const events = makeRoom(remembered, rules.maxKeys);
    remembered.push({ key, firstMs: timeMs, sinceMs: timeMs });
    return { events, isEmitted: true };
  };
}

/** One sender's numbers. */
interface Sender {
  readonly key: number | undefined;
  high: number;
  seen: number[];
  epoch: number | undefined;
  /** The numbers that follow each other too far ahead. */
  run: number[];
}

function sequenceJudge(rules: DedupeRules, window: SequenceRules, seemedNew: SeemedNew): Judge {
  // Least recently used first.
  const senders: Sender[] = [];
  return (message) => {
    const key = window.keyed ? message.key : undefined;
    const events: object[] = [];
    const index = senders.findIndex((one) => one.key === key);
    const fresh: Sender = { key, high: NaN, seen: [], epoch: undefined, run: [] };
    const sender = senders.splice(index, index < 0 ? 0 : 1)[0] ?? fresh;
    if (senders.length >= rules.maxKeys) {
      events.push({ kind: 'evicted', key: senders.shift()?.key, first: undefined });
    }
    senders.push(sender);
    const problem = problemOf(message.seq);
    if (window.epochs && problem === undefined) {
      if (sender.epoch !== undefined && sender.epoch !== message.epoch) {
        Object.assign(sender, { high: NaN, seen: [], run: [] });
        events.push({ kind: 'reset', key, reason: 'epoch' });
      }
      sender.epoch = message.epoch;
    }
    const verdict =
      problem === undefined
        ? judgeNumbers(sender, message, rules, window, seemedNew)
        : invalid(message, key, problem);
    return { ...verdict, events: [...events, ...verdict.events] };
  };
}

function judgeNumbers(
  sender: Sender,
  message: DedupeMessage,
  rules: DedupeRules,
  window: SequenceRules,
  seemedNew: SeemedNew,
): Verdict {
  const { key, seen } = sender;
  const [first, last] = numbersOf(message.seq);
  if (last < first || last - first > window.maxJump) return invalid(message, key, 'range');
  if (first - sender.high > window.maxJump) {
    if (window.epochs) return invalid(message, key, 'jump');
    sender.run = sender.run.at(-1) === first - 1 ? [...sender.run, last] : [last];
    if (sender.run.length < window.restartAfter) return invalid(message, key, 'jump');
    Object.assign(sender, { high: last, seen: listOf(first, last), run: [] });
    return { events: [{ kind: 'reset', key, reason: 'jump' }], isEmitted: true };
  }
  const lowest = sender.high - window.size + 1;
  if (last < lowest) return late(window.latePolicy, message, key, lowest - last);
  sender.run = [];
  const news = listOf(first, last).filter((n) => !seen.includes(n));
  sender.seen = [...seen, ...news];
  sender.high = Math.max(Number.isNaN(sender.high) ? last : sender.high, last);
  if (news.some((n) => !(n < lowest)) || (news.length > 0 && seemedNew(message))) return emitted;
  if (first < lowest) return late(window.latePolicy, message, key, lowest - first);
  return repeat(rules, message, key);
}

/** What is wrong with a number or range of numbers, if each is looked at by itself. */
export function problemOf(seq: unknown): 'type' | 'negative' | undefined {
  const numbers: readonly unknown[] = Array.isArray(seq) ? seq : [seq, seq];
  if (numbers.length !== 2) return 'type';
  for (const n of numbers) {
    if (!Number.isSafeInteger(n)) return 'type';
    if ((n as number) < 0) return 'negative';
  }
  return undefined;
}

/** The range of numbers. */
export function numbersOf(seq: unknown): readonly [first: number, last: number] {
  return (Array.isArray(seq) ? seq : [seq, seq]) as [number, number];
}

export function listOf(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}

/** Counts in how many runs each thing was heard: what streams never bring about is not tested by them. */
export class Corners {
  readonly #tally = new Tally();

  add(log: readonly TimedEntry[]): void {
    this.#tally.add(log.map(cornerOf));
  }

  /** Those of `corners` that were met in fewer than one of 400 runs. */
  rare(corners: readonly string[]): string[] {
    return this.#tally.rare(corners);
  }
}

function cornerOf(entry: TimedEntry): string {
  if (entry.kind === 'error') return entry.error instanceof Error ? entry.error.name : 'error';
  if (entry.kind !== 'event') return entry.kind;
  const event = entry.event as { kind: string; reason?: string; by?: string; passed?: boolean };
  const passed = event.passed === undefined ? '' : event.passed ? 'passed' : 'dropped';
  return `${event.kind} ${event.reason ?? event.by ?? passed}`.trim();
}
