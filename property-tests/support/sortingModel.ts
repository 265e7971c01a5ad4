/** What `reorderBy` has to do with event times and sparse numbers, as a list. */
import { HoldingModel } from './HoldingModel.js';
import type { Model, Numbered } from './modelCommands.js';
import { watermarkOf } from './watermarkOf.js';

export interface Placed {
  /** How far its number or time is ahead of its place among the messages; null for none. */
  readonly ahead: number | null;
}
export type Sortable = Numbered<Placed>;

/** What `reorderBy` is told; null stands for `Infinity`. */
export interface SortingRules {
  readonly by: 'sparse' | 'time';
  readonly boundMs: number;
  readonly maxSkewMs: number | null;
  readonly maxWaitMs: number | null;
  readonly maxBuffer: number;
  readonly overflowPolicy: 'skip' | 'drop-newest' | 'error';
  readonly latePolicy: 'drop' | 'emit' | 'error';
}

/** Grows about as fast as the clock runs. */
export const orderOf = ({ ahead, id }: Sortable): number => (ahead === null ? NaN : 3 * id + ahead);

interface Held {
  readonly message: Sortable;
  readonly order: number;
  readonly sinceMs: number;
}

/** What waits until nothing is expected below it, in the order of arrival. */
export class Sorting extends HoldingModel<Held> implements Model<Sortable> {
  /** The numbers or times of all that left in order. */
  readonly #out: number[] = [];
  /** Those of all that were late. */
  readonly #late: number[] = [];
  /** The greatest number or time that was let in. */
  #greatest = -Infinity;

  constructor(private readonly rules: SortingRules) {
    super();
  }

  get dueMs(): number {
    const maxWaitMs = this.rules.maxWaitMs ?? Infinity;
    return Math.min(...this.waiting.map(({ sinceMs }) => sinceMs + maxWaitMs));
  }

  /** Whoever has waited long enough does not leave before those below. */
  settle(): string[] {
    const oldestMs = Math.min(...this.waiting.map(({ sinceMs }) => sinceMs));
    const due = this.waiting.filter(({ sinceMs }) => sinceMs === oldestMs);
    return this.#leaveTo(Math.max(...due.map(({ order }) => order)));
  }

  push(message: Sortable, nowMs: number): string[] {
    const { latePolicy, maxBuffer, maxWaitMs, overflowPolicy } = this.rules;
    const order = orderOf(message);
    const name = `#${String(message.id)}`;
    const problem = this.#problemOf(order, nowMs);
    if (problem !== undefined) return [`invalid ${problem} ${name} dropped`];
    if (this.#isRepeat(order)) return [`duplicate ${name} dropped`];
    if (order <= this.#markOf(this.#greatest) || order < (this.#out.at(-1) ?? -Infinity)) {
      this.#late.push(order);
      if (latePolicy === 'emit') return [`late ${name} passed`, `out ${String(message.id)}`];
      return this.drop(`late ${name}`, latePolicy, 'LateMessageError');
    }
    const greatest = Math.max(order, this.#greatest);
    const mark = maxWaitMs === 0 ? order : this.#markOf(greatest);
    const staying = this.waiting.filter((one) => one.order > mark);
    const isFull = staying.length === maxBuffer;
    if (isFull && overflowPolicy !== 'skip')
      return this.drop(`overflow ${name}`, overflowPolicy, 'BufferOverflowError');
    this.#greatest = greatest;
    this.waiting.push({ message, order, sinceMs: nowMs });
    return isFull ? this.#leaveTo(this.#lowest) : this.#leaveTo(mark);
  }

  end(how: 'complete' | 'error'): string[] {
    return how === 'error' ? [...this.discard(), how] : [...this.#leaveTo(Infinity), how];
  }

  get #lowest(): number {
    return Math.min(...this.waiting.map(({ order }) => order));
  }

  #problemOf(order: number, nowMs: number): string | undefined {
    const { by, maxSkewMs } = this.rules;
    if (Number.isNaN(order)) return 'type';
    if (by === 'sparse') return order < 0 ? 'negative' : undefined;
    return order > nowMs + (maxSkewMs ?? Infinity) ? 'skew' : undefined;
  }

  /** Of numbers as many as may be held are remembered. */
  #isRepeat(order: number): boolean {
    if (this.rules.by === 'time') return false;
    const { maxBuffer } = this.rules;
    const known = [...this.#out.slice(-maxBuffer), ...this.#late.slice(-maxBuffer)];
    return known.includes(order) || this.waiting.some((one) => one.order === order);
  }

  /** At or below it nothing is expected once this was seen. */
  #markOf(greatest: number): number {
    return this.rules.by === 'time' ? watermarkOf(greatest, this.rules.boundMs) : -Infinity;
  }

  #leaveTo(edge: number): string[] {
    const leaving = this.waiting.filter(({ order }) => order <= edge);
    this.waiting = this.waiting.filter(({ order }) => order > edge);
    // Equal ones stay in the order of arrival.
    leaving.sort((one, other) => one.order - other.order);
    this.#out.push(...leaving.map(({ order }) => order));
    return leaving.map(({ message }) => `out ${String(message.id)}`);
  }
}
