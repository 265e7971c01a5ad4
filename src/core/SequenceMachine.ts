import type { SequenceSettings } from '../sequenceOptions.js';
import { SequenceLine } from '../structures/SequenceLine.js';
import type { InvalidReason, ResetReason, SequenceNumber } from '../types.js';
import { KeyedMachine } from './KeyedMachine.js';
import type { Now } from './Machine.js';

/** A message with its numbers as the sender wrote them. */
interface Numbered<T> {
  readonly message: T;
  readonly first: SequenceNumber;
  readonly last: SequenceNumber;
  readonly previous: SequenceNumber | undefined;
}

/** A message whose number is too far away to be believed yet. */
export interface Suspect<T> extends Numbered<T> {
  /** Since when it waits to be confirmed. */
  readonly sinceMs: number;
}

/** Messages in a row that continue each other from an unbelievable number; the sender restarted if there will be enough. */
interface Run<T> {
  /** How many, with those that are not held any more. */
  count: number;
  /** The number of the last one. */
  last: SequenceNumber;
  /** Those that are held. */
  readonly held: Suspect<T>[];
}

/** What all sequences of plain numbers share: there is nothing else to remember. */
const plainLine = /* @__PURE__ */ new SequenceLine(undefined, false);

const nobody: readonly never[] = [];

/** No message has told the sender's incarnation yet. */
const noEpoch = {};

/**
 * Reads the numbers off one sender's messages: refuses those that are none, places the others on a line, and tells a
 * restart of the sender from a stray number. What to do with a placed message is for the subclass to say.
 */
export abstract class SequenceMachine<T, K> extends KeyedMachine<T, K> {
  /** High-water mark: the greatest position believed. A small integer before there is a baseline: NaN would be an object more. */
  protected high = 0;
  /** There is a baseline. */
  protected isBegun = false;
  /** Made when it is needed; `plainLine` where numbers are positions, and the next one is known by comparing it. */
  #line: SequenceLine | undefined;
  /** Those who may show that the sender restarted, if there are any. */
  #run: Run<T> | undefined;
  /** The message was asked for: it can be no sign of a restart, and none against one. */
  protected isAnswer = false;
  /** Its number is believed however far away. */
  protected isTrusted = false;
  /** It was announced as a suspect before, and is now confirmed. */
  protected isConfirmed = false;
  /** The sender's incarnation. */
  #epoch: unknown = noEpoch;

  constructor(
    protected readonly sequence: SequenceSettings<T>,
    key: K,
  ) {
    super(key);
  }

  /** Where the sender's numbers lie. */
  protected get line(): SequenceLine {
    return (this.#line ??= new SequenceLine(this.sequence.modulus));
  }

  /** What numbers are measured by: the high-water mark, NaN before there is a baseline. */
  protected get reference(): number {
    return this.isBegun ? this.high : NaN;
  }

  /** The messages that are held until it is known whether the sender restarted. */
  protected get suspects(): readonly Suspect<T>[] {
    return this.#run?.held ?? nobody;
  }

  /** A new baseline is known: `position` is the first one expected, or, if not `isExpected`, the first one seen. */
  protected abstract begin(position: number, isExpected: boolean): void;
  /** Handles a message that stands for `first` to `last`; returns whether that left no trace, as `push` does. */
  protected abstract accept(message: T, first: number, last: number, now: Now): boolean;
  /** Hears of a message that cannot be placed. `wasSuspect`: it was announced by {@link suspect} before. */
  protected abstract reject(message: T, reason: InvalidReason, wasSuspect: boolean): void;
  /** Hears of a message that has to be confirmed; returns since when it waits, undefined if it does not. */
  protected abstract suspect(message: T, now: Now): number | undefined;
  /** Whether any of `first` to `last` is still wanted, so that it is believed however far behind. */
  protected abstract isWanted(first: number, last: number): boolean;
  /** Lets go of everything: the sender began anew. */
  protected abstract restart(reason: ResetReason, now: Now): void;

  /** Whether a number this far `behind` the high-water mark (below 0: ahead of it) can be the sender's new beginning. */
  protected mayRestart(_behind: number): boolean {
    return this.sequence.epochOf === undefined && !this.isAnswer;
  }

  /** Handles a message whose number is too far away and no new beginning. */
  protected disbelieve(message: T, _behind: number): void {
    this.reject(message, 'jump', false);
  }

  push(message: T, now: Now): boolean {
    const raw = this.sequence.sequenceOf(message);
    if (this.#line === plainLine && this.#run === undefined && this.#isNear(raw)) {
      return this.accept(message, raw, raw, now);
    }
    if (!this.isBegun && isPlain(this.sequence) && plainLine.problemOf(raw) === undefined) {
      // No line is made for it.
      this.#line = plainLine;
      const position = (raw as number) + 0;
      this.startAt(position, false);
      this.accept(message, position, position, now);
    } else if (typeof raw !== 'object') {
      this.#read(message, raw, raw, now);
    } else if (isPair(raw)) {
      this.#read(message, raw[0], raw[1], now);
    } else {
      this.reject(message, 'type', false);
    }
    return false;
  }

  /** Lays the baseline: all before `position` is settled. */
  protected startAt(position: number, isExpected: boolean): void {
    if (isPlain(this.sequence) && !this.line.usesBigint) this.#line = plainLine;
    this.isBegun = true;
    this.high = position - 1;
    this.begin(position, isExpected);
  }

  /** Begins where the `first` option says, if it does; for the constructor of the subclass. */
  protected expectFirst(): void {
    const { first } = this.sequence;
    if (first !== undefined) this.startAt(this.line.locate(first, NaN), true);
  }

  /** Gives up on the messages that have waited `waitMs` or longer for a restart to be confirmed. */
  protected rejectSuspects(nowMs: number, waitMs: number): void {
    for (;;) {
      const held = this.#run?.held;
      const suspect = held?.[0];
      if (suspect === undefined || suspect.sinceMs + waitMs > nowMs) return;
      held?.shift();
      this.reject(suspect.message, 'jump', true);
    }
  }

  /** A number that is its own position, and near enough to be believed: by far the most are. */
  #isNear(raw: unknown): raw is number {
    const { high } = this;
    if (raw === high + 1) return raw <= Number.MAX_SAFE_INTEGER;
    if (!Number.isSafeInteger(raw)) return false;
    const ahead = (raw as number) - high;
    const { maxJump, maxMisorder } = this.sequence;
    return (raw as number) > 0 && ahead <= maxJump && -ahead <= maxMisorder;
  }

  #read(message: T, first: unknown, last: unknown, now: Now): void {
    const { epochOf, previousOf } = this.sequence;
    const previous: unknown = previousOf?.(message);
    let problem = this.#problemOf(first, last, previous);
    // What is no number at all is no sign of a new epoch either; the type of numbers may change with it.
    if (epochOf !== undefined && (problem ?? 'mixed') === 'mixed') {
      problem = this.#epochProblem(epochOf(message), now) ?? this.#problemOf(first, last, previous);
    }
    if (problem === undefined) this.#place({ message, first, last, previous } as Numbered<T>, now);
    else this.reject(message, problem, false);
  }

  #problemOf(first: unknown, last: unknown, previous: unknown): InvalidReason | undefined {
    let problem = this.line.problemOf(first);
    if (last !== first) problem ??= this.line.problemOf(last) ?? mixture(first, last);
    if (previous !== undefined)
      problem ??= this.line.problemOf(previous) ?? mixture(first, previous);
    return problem;
  }

  /** Starts anew if the sender did. */
  #epochProblem(epoch: unknown, now: Now): InvalidReason | undefined {
    if (this.#epoch !== noEpoch && !Object.is(epoch, this.#epoch)) {
      if (this.isAnswer) return 'jump';
      this.#startAnew('epoch', now);
      this.expectFirst();
    }
    this.#epoch = epoch;
    return undefined;
  }

  #place(numbered: Numbered<T>, now: Now): void {
    const { line, reference } = this;
    const { message, previous } = numbered;
    let first = line.locate(numbered.first, reference);
    const last = numbered.last === numbered.first ? first : line.locate(numbered.last, first);
    const width = last - first;
    if (previous !== undefined) {
      const follows = line.locate(previous, first) + 1;
      if (follows > last) first = Infinity;
      else if (follows < first || follows !== follows) first = follows;
    } else if (this.sequence.previousOf !== undefined && first > reference) {
      first = reference + 1;
    }
    if (first !== first || last !== last) {
      this.#refuse(message, 'ambiguous');
    } else if (width < 0 || width > this.sequence.maxJump || last < first) {
      this.#refuse(message, 'range');
    } else if (!this.#isBelievable(first, last)) {
      this.#doubt(numbered, reference - last, now);
    } else {
      if (!this.isAnswer) this.#endRun();
      if (!this.isBegun) this.startAt(first, false);
      this.accept(message, first, last, now);
    }
  }

  /** Refuses a message that was located; it must not have fixed what kind of numbers these are. */
  #refuse(message: T, reason: InvalidReason): void {
    if (!this.isBegun) this.#line = undefined;
    this.reject(message, reason, false);
  }

  #isBelievable(first: number, last: number): boolean {
    const { maxJump, maxMisorder } = this.sequence;
    if (this.isTrusted) return Number.isFinite(last);
    const { reference } = this;
    if (first - reference > maxJump) return false;
    return !(reference - last > maxMisorder) || this.isWanted(first, last);
  }

  #doubt(numbered: Numbered<T>, behind: number, now: Now): void {
    if (!this.mayRestart(behind)) {
      this.disbelieve(numbered.message, behind);
      return;
    }
    const { first, last, previous } = numbered;
    const run = this.#run;
    const continues =
      previous === undefined
        ? run !== undefined && first === this.line.successor(run.last)
        : previous === run?.last;
    if (!continues) this.#endRun();
    const { count, held } = (this.#run ??= { count: 0, last, held: [] });
    this.#run.count = count + 1;
    this.#run.last = last;
    if (count + 1 < this.sequence.restartAfter) {
      const sinceMs = this.suspect(numbered.message, now);
      if (sinceMs !== undefined) held.push({ ...numbered, sinceMs });
    } else {
      this.#confirmRestart(numbered, held, now);
    }
  }

  #confirmRestart(numbered: Numbered<T>, suspects: readonly Suspect<T>[], now: Now): void {
    this.#run = undefined;
    this.#startAnew('jump', now);
    this.isConfirmed = true;
    for (const suspect of suspects) this.#place(suspect, now);
    this.isConfirmed = false;
    this.#place(numbered, now);
  }

  #startAnew(reason: ResetReason, now: Now): void {
    this.#endRun();
    this.restart(reason, now);
    this.#line = undefined;
    this.isBegun = false;
  }

  /** Something else came between: the run, if there is one, was not the sender's restart. */
  #endRun(): void {
    this.rejectSuspects(Infinity, 0);
    this.#run = undefined;
  }
}

/** Whether it is told by the number alone where a message belongs. */
function isPlain({ epochOf, modulus, previousOf }: SequenceSettings<never>): boolean {
  return epochOf === undefined && previousOf === undefined && modulus === undefined;
}

function isPair(value: unknown): value is readonly [unknown, unknown] {
  return Array.isArray(value) && value.length === 2;
}

function mixture(one: unknown, other: unknown): InvalidReason | undefined {
  return typeof one === typeof other ? undefined : 'mixed';
}
