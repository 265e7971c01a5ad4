import { GapUnrecoveredError } from 'rxjs-reliable';
import { listOf, numbersOf, problemOf } from './dedupeOracle.js';
import type { Oracle } from './oracle.js';
import type { TimedEntry } from './runTimed.js';

/** A message as the oracle reads it. */
export interface GapMessage {
  readonly id: string;
  readonly seq: unknown;
  readonly key: number;
  readonly epoch: number;
}

/** The sender's word that it has sent everything up to a number. */
export interface Announcement {
  readonly id: string;
  readonly announced: unknown;
  readonly key: number;
}

/** The options, as plain JSON. */
export interface GapRules {
  readonly toleranceMs: number;
  readonly maxGaps: number;
  readonly first: number | null;
  readonly maxJump: number;
  readonly maxMisorder: number;
  readonly restartAfter: number;
  readonly epochs: boolean;
  readonly duplicatePolicy: 'pass' | 'drop';
  readonly lostPolicy: 'report' | 'error';
  readonly markers: 'none' | 'detected' | 'lost';
}

/** The options, with those of `recover`. */
export interface RecoverRules extends GapRules {
  readonly maxAttempts: number;
  readonly timeoutMs: number;
  readonly delayMs: number;
  readonly factor: number;
  readonly maxMs: number;
  readonly maxInFlight: number;
  readonly maxRange: number;
  /** Null: none. */
  readonly deadlineMs: number | null;
}

/** What a sender answers to one request; times in ms after it. */
export interface Reply {
  readonly values: readonly { readonly afterMs: number; readonly value: GapMessage | Absence }[];
  readonly end: 'complete' | 'error' | 'never' | 'throw';
  readonly endAfterMs: number;
}
/** The sender's word that numbers never existed. */
export interface Absence {
  readonly absent: [number, number];
}

/** A number that is missing. */
export interface Missing {
  readonly n: number;
  /** Numbers missed together have one, until a part of them is asked for by itself. */
  piece: number;
  readonly noticedMs: number;
  isReported: boolean;
  /** When something happens to it. */
  dueMs: number;
  /** How it is asked for; for an oracle that asks. */
  quest: unknown;
}

/** Numbers, both ends included. */
export interface Numbers {
  readonly first: number;
  readonly last: number;
}

interface Placed extends Numbers {
  readonly message: GapMessage;
}

/** What the operator told about a message. */
export type Witness = (message: GapMessage) => { kind: string; passed: boolean } | undefined;

/** Numbers that are remembered in so many runs, and those that may be forgotten since there were more. */
class Memory {
  runs: number[][] = [];
  vague: number[] = [];

  /** Takes numbers out; returns whether any of them was in, or may have been. */
  take(numbers: Numbers): boolean | 'perhaps' {
    const { first, last } = numbers;
    const has = this.has(numbers);
    if (has === false) return false;
    this.vague = this.vague.filter((n) => n < first || n > last);
    this.runs = this.runs
      .flatMap((run) => [run.filter((n) => n < first), run.filter((n) => n > last)])
      .filter((run) => run.length > 0);
    return has;
  }

  has({ first, last }: Numbers): boolean | 'perhaps' {
    const isHere = (n: number): boolean => n >= first && n <= last;
    return this.runs.some((run) => run.some(isHere)) || (this.vague.some(isHere) && 'perhaps');
  }

  /** Need not know numbers below `edge` any more. */
  forgetBelow(edge: number): void {
    this.vague.push(...this.runs.flat().filter((n) => n < edge));
    this.runs = this.runs.map((run) => run.filter((n) => n >= edge));
    this.runs = this.runs.filter((run) => run.length > 0);
  }

  /** Need not know more than so many runs. */
  forgetAbove(limit: number): void {
    const [lowest] = [...this.runs].sort(([one = 0], [other = 0]) => one - other);
    if (this.runs.length <= limit || lowest === undefined) return;
    this.runs = this.runs.filter((run) => run !== lowest);
    this.vague.push(...lowest);
    this.forgetAbove(limit);
  }
}

/** What `sequenceGaps` has to do for one sender, worked out number by number from plain lists of them. */
export class GapOracle implements Oracle<GapMessage | Announcement> {
  readonly held = [];
  protected nowMs = 0;
  protected high = NaN;
  #baseline = NaN;
  /** What is missing, in ascending order. */
  protected missing: Missing[] = [];
  protected pieces = 0;
  /** What is not missed but was never seen: given up, or from before the beginning. */
  #unseen = new Memory();
  /** What answers brought. */
  #answered = new Memory();
  #suspects: Placed[] = [];
  #epoch: number | undefined;

  /** @param witness - believed where nothing is promised, that is where something may be forgotten. */
  constructor(
    protected readonly rules: GapRules,
    protected readonly key: number | undefined,
    readonly log: TimedEntry[],
    private readonly witness: Witness,
  ) {
    if (rules.first !== null) this.#begin(rules.first);
  }

  /** The gaps: numbers next to each other that were missed together. */
  protected get gaps(): Missing[][] {
    const gaps: Missing[][] = [];
    for (const one of this.missing) {
      const previous = gaps.at(-1)?.at(-1);
      if (previous?.n === one.n - 1 && previous.piece === one.piece) gaps.at(-1)?.push(one);
      else gaps.push([one]);
    }
    return gaps;
  }

  dueMs(): number {
    return Math.min(...this.missing.map((one) => one.dueMs));
  }

  settle(nowMs: number): void {
    this.nowMs = nowMs;
    const isDue = ([one]: Missing[]): boolean => (one?.dueMs ?? Infinity) <= nowMs;
    for (let gap = this.gaps.find(isDue); gap !== undefined; gap = this.gaps.find(isDue)) {
      this.pursue(gap);
    }
  }

  take(item: GapMessage | Announcement, nowMs: number): void {
    this.nowMs = nowMs;
    if ('announced' in item) this.#announce(item.announced);
    else this.place(item, undefined);
  }

  finish(reason: 'completed' | 'evicted', nowMs: number): void {
    this.nowMs = nowMs;
    this.#rejectSuspects();
    this.#loseAll(reason);
  }

  discard(nowMs: number): void {
    this.nowMs = nowMs;
    this.#rejectSuspects();
  }

  #announce(announced: unknown): void {
    const { key } = this;
    const problem = problemOf(announced);
    const [n] = numbersOf(announced);
    if (problem === undefined && Number.isNaN(this.high)) this.#begin(n + 1);
    if (problem !== undefined || n - this.high > this.rules.maxJump) {
      this.tell({ kind: 'invalid-announcement', announced, key, reason: problem ?? 'jump' });
    } else if (n > this.high) {
      this.#notice(this.high + 1, n);
      this.high = n;
    }
  }

  /** Handles a message, which answers for the numbers `asked`. */
  protected place(message: GapMessage, asked: Numbers | undefined): void {
    const { epochs, maxJump } = this.rules;
    const problem = problemOf(message.seq);
    if (problem !== undefined) return this.#reject(message, problem, asked);
    const isNewEpoch = epochs && this.#epoch !== undefined && this.#epoch !== message.epoch;
    if (isNewEpoch && asked !== undefined) return this.#reject(message, 'jump', asked);
    if (isNewEpoch) this.#restart('epoch');
    this.#epoch = message.epoch;
    const [first, last] = numbersOf(message.seq);
    const isRange = first <= last && last - first <= maxJump;
    if (!isRange) return this.#reject(message, 'range', asked);
    const placed = { message, first, last };
    if (!this.#isBelieved(placed, asked)) {
      if (epochs || asked !== undefined) return this.#reject(message, 'jump', asked);
      return this.#suspect(placed);
    }
    if (asked === undefined) this.#rejectSuspects();
    if (Number.isNaN(this.high)) this.#begin(placed.first);
    this.#accept(placed, asked);
  }

  #isBelieved({ message, first, last }: Placed, asked: Numbers | undefined): boolean {
    const { maxJump, maxMisorder } = this.rules;
    if (first - this.high > maxJump) return false;
    const edge = this.high - maxMisorder;
    if (!(last < edge)) return true;
    this.#unseen.forgetBelow(Math.min(edge, this.#baseline));
    const isUnseen = this.#unseen.has({ first, last });
    const isMissing = this.missing.some(({ n }) => n >= first && n <= last);
    if (isMissing || doOverlap(asked, { first, last }) || isUnseen === true) return true;
    return isUnseen === 'perhaps' && this.witness(message)?.kind === 'late';
  }

  #accept({ message, first, last }: Placed, asked: Numbers | undefined): void {
    const { high, key } = this;
    if (first > high + 1) this.#notice(high + 1, first - 1);
    this.high = Math.max(high, last);
    const isFilled = this.fill({ first, last }, asked === undefined ? 'late' : 'request', message);
    const isUnseen = this.#unseen.take({ first, last });
    this.#unseen.forgetAbove(this.rules.maxGaps);
    const told = this.witness(message);
    if (last > high || isFilled) {
      this.emit(message);
      // Of an answer that brings what nobody misses, and its original, one may be dropped.
      if (asked !== undefined) this.#answered.vague.push(...listOf(first, last));
    } else if (isUnseen === true || (isUnseen === 'perhaps' && told?.kind === 'late')) {
      this.tell({ kind: 'late', message, key, behind: high - last, passed: true });
      this.emit(message);
      if (asked !== undefined) this.#answered.vague.push(...listOf(first, last));
    } else {
      const isAnswered = doOverlap(asked, { first, last }) || this.#answered.has({ first, last });
      const isDropped = isAnswered === 'perhaps' ? told?.passed === false : isAnswered;
      const passed = this.rules.duplicatePolicy === 'pass' && !isDropped;
      this.tell({ kind: 'duplicate', message, key, passed });
      if (passed) this.emit(message);
    }
  }

  #suspect(suspect: Placed): void {
    if (this.#suspects.at(-1)?.last !== suspect.first - 1) this.#rejectSuspects();
    this.#suspects.push(suspect);
    if (this.#suspects.length >= this.rules.restartAfter) {
      const [{ first } = suspect] = this.#suspects.splice(0);
      this.#restart('jump');
      this.#begin(first);
      this.high = suspect.last;
    }
    this.emit(suspect.message);
  }

  #begin(first: number): void {
    this.high = first - 1;
    this.#baseline = first;
    this.#unseen = new Memory();
    this.#answered = new Memory();
    this.#unseen.runs.push(listOf(this.high - this.rules.maxMisorder, this.high));
  }

  #restart(reason: 'epoch' | 'jump'): void {
    this.#loseAll('reset');
    this.tell({ kind: 'reset', key: this.key, reason });
    this.high = NaN;
    if (reason === 'epoch' && this.rules.first !== null) this.#begin(this.rules.first);
  }

  #rejectSuspects(): void {
    for (const { message } of this.#suspects.splice(0)) {
      this.tell({ kind: 'invalid', message, key: this.key, reason: 'jump', passed: true });
    }
  }

  #reject(message: GapMessage, reason: string, asked: Numbers | undefined): void {
    const passed = asked === undefined;
    this.tell({ kind: 'invalid', message, key: this.key, reason, passed });
    if (passed) this.emit(message);
  }

  #loseAll(reason: string): void {
    for (const gap of this.gaps) this.lose(gap, reason);
  }

  #notice(first: number, last: number): void {
    const piece = this.pieces++;
    const noticedMs = this.nowMs;
    const dueMs = noticedMs + this.rules.toleranceMs;
    const fresh = { piece, noticedMs, dueMs, isReported: false, quest: undefined };
    const gap = listOf(first, last).map((n): Missing => ({ ...fresh, n }));
    this.missing.push(...gap);
    if (this.rules.toleranceMs === 0) this.pursue(gap);
    this.#limitGaps();
  }

  /** Gives the lowest gaps up where there are too many, also because one was split. */
  #limitGaps(): void {
    if (this.missing.length <= this.rules.maxGaps) return;
    for (let { gaps } = this; gaps.length > this.rules.maxGaps; { gaps } = this) {
      this.lose(gaps[0] ?? [], 'overflow');
    }
  }

  /** Does what is due about a gap. */
  protected pursue(gap: Missing[]): void {
    for (const one of gap) Object.assign(one, { isReported: true, dueMs: Infinity });
    this.#detect(gap);
  }

  #detect(gap: Missing[]): void {
    const detected = this.describe(gap);
    this.tell({ kind: 'gap', ...detected });
    if (this.rules.markers === 'detected') this.tell({ kind: 'marker', ...detected });
  }

  protected fill({ first, last }: Numbers, by: string, message?: GapMessage): boolean {
    const isHere = ({ n }: Missing): boolean => n >= first && n <= last;
    const parts = this.gaps.map((gap) => gap.filter(isHere)).filter((part) => part.length > 0);
    this.missing = this.missing.filter((one) => !isHere(one));
    for (const part of parts) {
      const { isReported = false, noticedMs = NaN } = part[0] ?? {};
      const waitedMs = this.nowMs - noticedMs;
      if (by === 'request') this.#answered.runs.push(part.map(({ n }) => n));
      if (isReported) this.tell({ kind: 'filled', ...this.describe(part), by, waitedMs, message });
    }
    this.#answered.forgetAbove(this.rules.maxGaps);
    this.#limitGaps();
    return parts.length > 0;
  }

  protected lose(gap: Missing[], reason: string): void {
    const lost = this.describe(gap);
    if (gap[0]?.isReported === false) this.#detect(gap);
    this.missing = this.missing.filter((one) => !gap.includes(one));
    this.#unseen.runs.push(gap.map(({ n }) => n));
    this.#unseen.forgetAbove(this.rules.maxGaps);
    this.tell({ kind: 'lost', ...lost, reason });
    if (this.rules.markers === 'lost') this.tell({ kind: 'marker', ...lost });
    if (this.rules.lostPolicy === 'error') {
      throw new GapUnrecoveredError('sequenceGaps', lost.first, lost.last);
    }
  }

  protected describe(gap: readonly Missing[]): Numbers & { count: number; key: unknown } {
    const first = gap[0]?.n ?? NaN;
    return { first, last: first + gap.length - 1, count: gap.length, key: this.key };
  }

  protected tell(event: object): void {
    this.log.push({ atMs: this.nowMs, kind: 'event', event });
  }

  protected emit(value: unknown): void {
    this.log.push({ atMs: this.nowMs, kind: 'next', value });
  }
}

/** One request, as the oracle sees it. */
interface Ask extends Numbers {
  readonly attempt: number;
  hasEnded: boolean;
  closedAtMs: number | undefined;
}

/** How a number is asked for. */
interface Quest {
  attempts: number;
  isWaiting: boolean;
  ask: Ask | undefined;
}

/** What requests fail with. */
export const failure = Object.assign(new Error('no answer'), { stack: 'no answer' });

const questOf = (one: Missing | undefined): Quest => {
  const quest = one?.quest ?? { attempts: 0, isWaiting: false, ask: undefined };
  if (one !== undefined) one.quest = quest;
  return quest as Quest;
};

/** What `sequenceGaps` has to do if it asks for what is missing, for each missing number by itself. */
export class RecoveryOracle extends GapOracle {
  readonly asks: Ask[] = [];
  /** What was answered at once, and what will be. */
  readonly #queue: (() => void)[] = [];
  #coming: { readonly atMs: number; readonly run: () => void }[] = [];
  #isOver = false;

  constructor(
    protected override readonly rules: RecoverRules,
    log: TimedEntry[],
    witness: Witness,
    private readonly respond: (ordinal: number) => Reply,
  ) {
    super(rules, undefined, log, witness);
  }

  override dueMs(): number {
    if (this.#isOver) return Infinity;
    return Math.min(super.dueMs(), ...this.#coming.map(({ atMs }) => atMs));
  }

  override settle(nowMs: number): void {
    if (super.dueMs() <= nowMs) this.#enter(nowMs, () => undefined);
    for (let [next] = this.#coming; next && next.atMs <= nowMs; [next] = this.#coming) {
      this.#coming.shift();
      this.#enter(nowMs, next.run);
    }
  }

  override take(item: GapMessage | Announcement, nowMs: number): void {
    this.#enter(nowMs, () => super.take(item, nowMs));
  }

  override finish(reason: 'completed' | 'evicted', nowMs: number): void {
    this.#enter(nowMs, () => super.finish(reason, nowMs));
  }

  override discard(nowMs: number): void {
    super.discard(nowMs);
    this.#isOver = true;
    this.#close();
  }

  #enter(nowMs: number, work: () => void): void {
    this.#queue.unshift(work);
    for (let next = this.#queue.shift(); next && !this.#isOver; next = this.#queue.shift()) {
      try {
        super.settle(nowMs);
        this.#serve();
        next();
        this.#serve();
        this.#close();
      } catch (error) {
        if (!(error instanceof GapUnrecoveredError)) throw error;
        this.discard(nowMs);
        this.log.push({ atMs: nowMs, kind: 'error', error });
      }
    }
  }

  /** Requests that nobody waits for are closed by now. */
  #close(): void {
    for (const ask of this.asks) {
      if (ask.closedAtMs !== undefined) continue;
      if (this.#isOver || !this.#isLive(ask)) ask.closedAtMs = this.nowMs;
    }
  }

  #isLive(ask: Ask): boolean {
    return !ask.hasEnded && this.missing.some((one) => questOf(one).ask === ask);
  }

  get #isFull(): boolean {
    const waitedFor = new Set(this.missing.map((one) => questOf(one).ask));
    return [...waitedFor].filter((ask) => ask?.hasEnded === false).length >= this.rules.maxInFlight;
  }

  protected override pursue(gap: Missing[]): void {
    const { delayMs, maxAttempts } = this.rules;
    if (gap[0]?.isReported !== true) {
      super.pursue(gap);
      if (delayMs > 0) this.#schedule(gap, this.nowMs + delayMs);
      else this.pursue(gap);
    } else if (gap[0].noticedMs + this.#deadlineMs <= this.nowMs) {
      this.lose(gap, 'unrecovered');
    } else if (questOf(gap[0]).attempts >= maxAttempts) {
      this.lose(gap, 'attempts');
    } else {
      for (const one of gap) questOf(one).ask = undefined;
      this.#ask(gap);
    }
  }

  get #deadlineMs(): number {
    return this.rules.deadlineMs ?? Infinity;
  }

  /** Something has to happen to a gap then, or when an answer would come too late. */
  #schedule(gap: Missing[], dueMs: number): void {
    for (const one of gap) one.dueMs = Math.min(dueMs, one.noticedMs + this.#deadlineMs);
  }

  #ask(gap: Missing[]): void {
    if (this.#isFull) this.#wait(gap);
    else this.#start(gap);
  }

  #wait(gap: Missing[]): void {
    for (const one of gap) questOf(one).isWaiting = true;
    this.#schedule(gap, Infinity);
  }

  #serve(): void {
    const isWaiting = ([one]: Missing[]): boolean => questOf(one).isWaiting;
    for (let gap = this.gaps.find(isWaiting); gap !== undefined; gap = this.gaps.find(isWaiting)) {
      if (this.#isFull) return;
      this.#start(gap);
    }
  }

  #start(gap: Missing[]): void {
    const { factor, maxMs, maxRange, timeoutMs } = this.rules;
    const asked = gap.slice(0, maxRange);
    const rest = gap.slice(maxRange);
    const piece = this.pieces++;
    for (const one of rest) one.piece = piece;
    this.#wait(rest);
    const attempt = questOf(asked[0]).attempts + 1;
    const { first, last, ...more } = this.describe(asked);
    const ask: Ask = { first, last, attempt, hasEnded: false, closedAtMs: undefined };
    for (const one of asked) one.quest = { attempts: attempt, isWaiting: false, ask };
    this.#schedule(asked, this.nowMs + Math.min(timeoutMs * factor ** (attempt - 1), maxMs));
    this.tell({ kind: 'request', first, last, ...more, attempt });
    this.#expect(ask, this.respond(this.asks.push(ask) - 1));
  }

  /** Takes note of what will be answered; no more values are taken than numbers were asked for. */
  #expect(ask: Ask, { values, end, endAfterMs }: Reply): void {
    const limit = ask.last - ask.first + 1;
    const endsAtOnce = (end !== 'never' && endAfterMs === 0) || values[limit]?.afterMs === 0;
    const later = (afterMs: number, run: () => void): void => {
      // What was said by an answer that has ended by itself still counts, what is said by one that was left does not.
      const runIfLive = (): void => (endsAtOnce || this.#isLive(ask) ? run() : undefined);
      if (afterMs === 0) this.#queue.push(runIfLive);
      else this.#coming.push({ atMs: this.nowMs + afterMs, run: runIfLive });
    };
    for (const [index, { afterMs, value }] of values.slice(0, limit + 1).entries()) {
      if (index < limit) later(afterMs, () => this.#answer(ask, value));
      else later(afterMs, () => this.#ended(ask, false));
    }
    if (end !== 'never') later(endAfterMs, () => this.#ended(ask, end !== 'complete'));
    this.#coming.sort((one, other) => one.atMs - other.atMs);
  }

  #answer(ask: Ask, value: GapMessage | Absence): void {
    if (!('absent' in value)) return this.place(value, ask);
    const [first, last] = value.absent;
    this.fill({ first: Math.max(first, ask.first), last: Math.min(last, ask.last) }, 'absent');
  }

  #ended(ask: Ask, hasFailed: boolean): void {
    if (!this.#isLive(ask)) return;
    const { attempt, first, last } = ask;
    const asked = { first, last, count: last - first + 1, key: undefined };
    if (hasFailed) this.tell({ kind: 'request-failed', ...asked, attempt, error: failure });
    ask.hasEnded = true;
    if (attempt < this.rules.maxAttempts) return;
    for (const gap of this.gaps) if (questOf(gap[0]).ask === ask) this.lose(gap, 'attempts');
  }
}

function doOverlap(one: Numbers | undefined, other: Numbers): boolean {
  return one !== undefined && one.first <= other.last && other.first <= one.last;
}
