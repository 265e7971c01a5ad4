import {
  BufferOverflowError,
  LateMessageError,
  type InvalidReason,
  type SequenceNumber,
} from 'rxjs-reliable';
import type { Oracle } from './oracle.js';
import { OracleLog } from './OracleLog.js';
import { type Arrived, Reign } from './Reign.js';
import type { TimedEntry } from './runTimed.js';
import { rollUp, unroll } from './wrapping.js';

/** What `reorderBy` was told, in full. */
export interface ReorderSettings<T, K = undefined> {
  readonly numberOf: (message: T) => unknown;
  readonly epochOf: ((message: T) => unknown) | undefined;
  readonly first: SequenceNumber | undefined;
  readonly modulus: SequenceNumber | undefined;
  readonly maxJump: number;
  readonly maxMisorder: number;
  readonly restartAfter: number;
  readonly maxWaitMs: number;
  readonly startWaitMs: number;
  readonly maxBuffer: number;
  readonly overflowPolicy: 'skip' | 'drop-newest' | 'error';
  readonly latePolicy: 'drop' | 'emit' | 'error';
  readonly key: K;
}

/**
 * What `reorderBy` has to do in the mode `'sequence'`. It keeps all that arrived since the sender last restarted and works
 * out from this list, each time anew, what is held, what comes next and what is due.
 */
export class ReorderOracle<T, K = undefined> implements Oracle<T> {
  #reign = new Reign<T>();
  #epochs: unknown[] = [];
  /** How many suspects continued each other, and which number would be the next of them. */
  #run: { readonly count: number; readonly following: bigint } | undefined;
  readonly #log: OracleLog<T>;

  constructor(
    private readonly settings: ReorderSettings<T, K>,
    readonly log: TimedEntry[] = [],
  ) {
    this.#log = new OracleLog(settings.key, log);
    this.#expectFirst();
  }

  get held(): T[] {
    return this.#reign.with('held', 'suspect').map(({ message }) => message);
  }

  dueMs(): number {
    const { maxWaitMs, startWaitMs } = this.settings;
    const held = this.#reign.with('held');
    const waitMs =
      this.#reign.baseline === undefined ? Math.min(startWaitMs, maxWaitMs) : maxWaitMs;
    return Math.min(
      ...held.map(({ atMs }) => atMs + waitMs),
      ...this.#reign.with('suspect').map(({ atMs }) => atMs + maxWaitMs),
    );
  }

  settle(nowMs: number): void {
    const { maxWaitMs, startWaitMs } = this.settings;
    const anyWaited = (waitMs: number): boolean =>
      this.#reign.with('held').some(({ atMs }) => atMs + waitMs <= nowMs);
    if (this.#reign.baseline === undefined && anyWaited(Math.min(startWaitMs, maxWaitMs))) {
      this.#fixBaseline(nowMs);
    }
    while (anyWaited(maxWaitMs)) this.#skip('wait', nowMs);
    this.#disbelieve((suspect) => suspect.atMs + maxWaitMs <= nowMs, nowMs);
  }

  take(message: T, nowMs: number): void {
    const value = this.settings.numberOf(message);
    // What has no number can tell nothing else: it changes nothing.
    let problem = this.#problemOf(value);
    if (problem === undefined || problem === 'mixed') {
      this.#readEpoch(message, nowMs);
      problem = this.#problemOf(value);
    }
    if (problem !== undefined) {
      this.#log.drop('invalid', message, nowMs, problem);
      return;
    }
    const number = value as SequenceNumber;
    this.#reign.numberType = typeof number;
    const place = unroll(BigInt(number), this.settings.modulus, this.#reign.greatest);
    if (place === undefined) {
      this.#log.drop('invalid', message, nowMs, 'ambiguous');
      return;
    }
    const arrived: Arrived<T> = { message, value: number, place, atMs: nowMs, fate: 'dropped' };
    if (this.#isFar(place)) {
      this.#doubt(arrived, nowMs);
    } else {
      this.#endRun(nowMs);
      this.#place(arrived, nowMs);
    }
    this.settle(nowMs);
  }

  finish(reason: 'completed' | 'evicted', nowMs: number): void {
    this.#releaseAll(reason, nowMs);
    this.#disbelieve(() => true, nowMs);
  }

  discard(nowMs: number): void {
    for (const message of this.held) this.#log.drop('discarded', message, nowMs, 'error');
  }

  #readEpoch(message: T, nowMs: number): void {
    const { epochOf } = this.settings;
    if (epochOf === undefined) return;
    const epoch = epochOf(message);
    if (this.#epochs.length > 0 && !Object.is(this.#epochs.at(-1), epoch)) {
      this.#restart('epoch', nowMs);
      this.#expectFirst();
    }
    this.#epochs.push(epoch);
  }

  #expectFirst(): void {
    const { first } = this.settings;
    if (first !== undefined) this.#reign.expect(first);
  }

  #problemOf(value: unknown): InvalidReason | undefined {
    const { modulus } = this.settings;
    if (typeof value !== 'bigint' && !Number.isSafeInteger(value)) return 'type';
    const number = BigInt(value as SequenceNumber);
    if (number < 0n) return 'negative';
    if (modulus !== undefined && number >= BigInt(modulus)) return 'modulus';
    return typeof value === (this.#reign.numberType ?? typeof value) ? undefined : 'mixed';
  }

  #isFar(place: bigint): boolean {
    const { maxJump, maxMisorder } = this.settings;
    const { greatest, next, lowest } = this.#reign;
    if (greatest === undefined) return false;
    if (place - greatest > BigInt(maxJump)) return true;
    const behind = (next ?? lowest) - 1n - place;
    return behind > BigInt(maxMisorder) && !this.#reign.wasSkipped(place);
  }

  #doubt(arrived: Arrived<T>, nowMs: number): void {
    const { epochOf, restartAfter, modulus } = this.settings;
    const { message, value } = arrived;
    if (epochOf !== undefined) {
      this.#log.drop('invalid', message, nowMs, 'jump');
      return;
    }
    const number = BigInt(value);
    if (number !== this.#run?.following) this.#endRun(nowMs);
    this.#run = { count: (this.#run?.count ?? 0) + 1, following: rollUp(number + 1n, modulus) };
    arrived.fate = 'suspect';
    this.#reign.arrived.push(arrived);
    if (this.#run.count < restartAfter) return;
    const chain = this.#reign.with('suspect');
    this.#reign.arrived = this.#reign.arrived.filter(({ fate }) => fate !== 'suspect');
    this.#restart('jump', nowMs);
    this.#reign.numberType = typeof value;
    const start = BigInt(chain[0]?.value ?? value);
    this.#reign.startAt(start);
    for (const [index, one] of chain.entries()) {
      this.#place({ ...one, place: start + BigInt(index) }, nowMs);
    }
  }

  #endRun(nowMs: number): void {
    this.#run = undefined;
    this.#disbelieve(() => true, nowMs);
  }

  #disbelieve(isDue: (suspect: Arrived<T>) => boolean, nowMs: number): void {
    for (const suspect of this.#reign.with('suspect').filter(isDue)) {
      this.#reign.arrived.splice(this.#reign.arrived.indexOf(suspect), 1);
      this.#log.drop('invalid', suspect.message, nowMs, 'jump');
    }
  }

  #restart(reason: 'epoch' | 'jump', nowMs: number): void {
    this.#releaseAll('reset', nowMs);
    this.#log.tell({ kind: 'reset', reason }, nowMs);
    this.#reign = new Reign();
    this.#run = undefined;
  }

  /** Handles a message whose number is believed. */
  #place(arrived: Arrived<T>, nowMs: number): void {
    const { place, message } = arrived;
    const isNew = this.#reign.baseline === undefined;
    if (isNew && this.settings.startWaitMs === 0) this.#reign.startAt(place);
    const wasHere = this.#reign.has(place, 'held', 'out');
    const { next } = this.#reign;
    this.#reign.arrived.push(arrived);
    if (wasHere) {
      this.#log.drop('duplicate', message, nowMs);
    } else if (next !== undefined && place < next) {
      this.#takeLate(arrived, this.#typed(next - place), nowMs);
    } else if (place === next) {
      this.#emit(arrived, nowMs);
      this.#releaseRun(nowMs);
    } else {
      this.#hold(arrived, nowMs);
    }
  }

  #takeLate(arrived: Arrived<T>, behind: SequenceNumber, nowMs: number): void {
    const { latePolicy } = this.settings;
    const { message } = arrived;
    const passed = latePolicy === 'emit';
    this.#log.tell({ kind: 'late', message, behind, passed }, nowMs);
    if (latePolicy === 'error') throw new LateMessageError('reorderBy', behind);
    if (passed) this.#emit(arrived, nowMs);
  }

  #hold(arrived: Arrived<T>, nowMs: number): void {
    const { maxBuffer, overflowPolicy } = this.settings;
    const isFull = this.#reign.with('held').length >= maxBuffer;
    if (isFull && overflowPolicy !== 'skip') {
      this.#log.drop('overflow', arrived.message, nowMs);
      if (overflowPolicy === 'error') throw new BufferOverflowError('reorderBy', maxBuffer);
      return;
    }
    arrived.fate = 'held';
    if (!isFull) return;
    if (this.#reign.baseline === undefined) this.#fixBaseline(nowMs);
    else this.#skip('overflow', nowMs);
  }

  #fixBaseline(nowMs: number): void {
    this.#reign.startAt(this.#reign.lowest);
    this.#releaseRun(nowMs);
  }

  /** Gives up on everything before the lowest number held. */
  #skip(reason: string, nowMs: number): void {
    const { lowest } = this.#reign;
    const first = this.#reign.next ?? lowest;
    const gap = { first: this.#label(first), last: this.#label(lowest - 1n) };
    const count = this.#typed(lowest - first);
    this.#log.tell({ kind: 'skipped', ...gap, count, reason }, nowMs);
    this.#reign.floor = lowest;
    this.#releaseRun(nowMs);
  }

  #releaseRun(nowMs: number): void {
    for (;;) {
      const { next } = this.#reign;
      const found = this.#reign.with('held').find(({ place }) => place === next);
      if (found === undefined) return;
      this.#emit(found, nowMs);
    }
  }

  #releaseAll(reason: string, nowMs: number): void {
    const isCollecting = this.#reign.baseline === undefined;
    if (isCollecting && this.#reign.with('held').length > 0) this.#fixBaseline(nowMs);
    while (this.#reign.with('held').length > 0) this.#skip(reason, nowMs);
  }

  #label(place: bigint): SequenceNumber {
    return this.#typed(rollUp(place, this.settings.modulus));
  }

  #typed(value: bigint): SequenceNumber {
    return this.#reign.numberType === 'bigint' ? value : Number(value);
  }

  #emit(arrived: Arrived<T>, nowMs: number): void {
    arrived.fate = 'out';
    this.#log.emit(arrived.message, nowMs);
  }
}
