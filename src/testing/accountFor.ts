/** What {@link accountFor} reads of an operator's events; it takes the events of every operator as they are. */
export interface AccountEvent {
  /** What happened. */
  readonly kind: string;
  /** The message it is about, if any. */
  readonly message?: unknown;
  /** false: the message will not be emitted. Anything else is a note about a message that is. */
  readonly passed?: boolean;
}

/** Options of {@link accountFor}. */
export interface AccountOptions {
  /**
   * How many messages the operator may still hold, 0 or more: 0 once the stream completed or failed, `Infinity` or its
   * bound while it runs and after unsubscribing. Default 0.
   */
  readonly maxHeld?: number | undefined;
}

/** Where the messages went. */
export interface Account<T> {
  /** Every message came out, was dropped with an event, or is held, exactly once; nothing else came out. */
  readonly balanced: boolean;
  /** How many messages went in. */
  readonly in: number;
  /** How many came out. */
  readonly out: number;
  /** How many were dropped, by the `kind` of the event that says so. */
  readonly dropped: Readonly<Record<string, number>>;
  /** How many are held. */
  readonly held: number;
  /** What came out or was dropped, but did not come in, or not so often. */
  readonly unexpected: readonly unknown[];
  /** What came in and cannot be accounted for. */
  readonly missing: readonly T[];
  /** The first imbalance, in words. */
  readonly problem: string | undefined;
}

/**
 * Checks that an operator accounts for every message: in = out + dropped with an event + held, counted by reference.
 *
 * Use it at the end of a test, with unique objects as messages. An operator that adds messages (a repeat, an answer to a
 * re-request) has them among its `inputs`.
 *
 * @param inputs - every message that went in.
 * @param outputs - every message that came out.
 * @param events - every event; those with a `message` and `passed: false` are drops.
 * @param options - {@link AccountOptions}.
 *
 * @example
 * ```ts
 * import { from } from 'rxjs';
 * import { reorderBy, type ReorderByEvent } from 'rxjs-reliable';
 * import { accountFor } from 'rxjs-reliable/testing';
 *
 * const inputs = [{ seq: 1 }, { seq: 3 }, { seq: 2 }, { seq: 2 }];
 * const outputs: { seq: number }[] = [];
 * const events: ReorderByEvent<{ seq: number }>[] = [];
 * from(inputs)
 *   .pipe(reorderBy((m) => m.seq, { onEvent: (event) => events.push(event) }))
 *   .subscribe((m) => outputs.push(m));
 * console.log(accountFor(inputs, outputs, events).dropped);
 * // => { duplicate: 1 }
 * ```
 */
export function accountFor<T>(
  inputs: readonly T[],
  outputs: readonly unknown[],
  events: readonly AccountEvent[] = [],
  options: AccountOptions = {},
): Account<T> {
  const ledger = new Ledger(inputs);
  for (const output of outputs) ledger.settle(output, 'emitted');
  const dropped = new Map<string, number>();
  for (const event of events) {
    if (event.passed !== false || !('message' in event)) continue;
    dropped.set(event.kind, (dropped.get(event.kind) ?? 0) + 1);
    ledger.settle(event.message, `dropped as '${event.kind}'`);
  }
  const open = ledger.open();
  const isHeld = open.length <= (options.maxHeld ?? 0);
  if (!isHeld) ledger.complain(describeMissing(inputs, open, options.maxHeld ?? 0));
  return {
    balanced: ledger.problem === undefined,
    in: inputs.length,
    out: outputs.length,
    dropped: Object.fromEntries(dropped),
    held: isHeld ? open.length : 0,
    unexpected: ledger.unexpected,
    missing: isHeld ? [] : open,
    problem: ledger.problem,
  };
}

/** What one message was and became. */
interface Entry<T> {
  readonly message: T;
  /** How often it came in. */
  count: number;
  /** What became of it, each time. */
  readonly fates: string[];
}

class Ledger<T> {
  readonly unexpected: unknown[] = [];
  problem: string | undefined;
  readonly #entries = new Map<unknown, Entry<T>>();

  constructor(private readonly inputs: readonly T[]) {
    for (const message of inputs) {
      const entry = this.#entries.get(message);
      if (entry === undefined) this.#entries.set(message, { message, count: 1, fates: [] });
      else entry.count += 1;
    }
  }

  settle(message: unknown, fate: string): void {
    const entry = this.#entries.get(message);
    entry?.fates.push(fate);
    if (entry !== undefined && entry.fates.length <= entry.count) return;
    this.unexpected.push(message);
    this.complain(
      entry === undefined
        ? `${describe(message)} was ${fate} but never came in`
        : `${nameOf(entry.message, this.inputs)} came in ${times(entry.count)} but was ${entry.fates.join(' and ')}`,
    );
  }

  /** The messages nothing was said about, as often as they came in. */
  open(): T[] {
    return [...this.#entries.values()].flatMap(({ message, count, fates }) =>
      Array.from({ length: Math.max(0, count - fates.length) }, () => message),
    );
  }

  complain(problem: string): void {
    this.problem ??= problem;
  }
}

function describeMissing<T>(inputs: readonly T[], open: readonly T[], maxHeld: number): string {
  const names = open.slice(0, 3).map((message) => nameOf(message, inputs));
  const more = open.length > 3 ? ` and ${String(open.length - 3)} more` : '';
  const held = maxHeld > 0 ? `, and at most ${String(maxHeld)} may be held` : '';
  return `neither emitted nor dropped with an event: ${names.join(', ')}${more}${held}`;
}

function nameOf<T>(message: T, inputs: readonly T[]): string {
  return `input #${String(inputs.indexOf(message))} (${describe(message)})`;
}

function times(count: number): string {
  return count === 1 ? 'once' : `${String(count)} times`;
}

function describe(value: unknown): string {
  try {
    return JSON.stringify(value).slice(0, 80);
  } catch {
    return String(value);
  }
}
