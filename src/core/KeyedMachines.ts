import { Heap } from '../structures/Heap.js';
import { type LinkedEntry, LinkedTable } from '../structures/LinkedTable.js';
import type { Emitter, EndReason, Machine, Now } from './Machine.js';

/** One machine with its place in the order of deadlines. */
export interface Slot<M> {
  readonly machine: M;
  /** The machine's deadline when it was last placed. */
  dueMs: number;
  /** Breaks ties between equal deadlines: the older machine first. */
  readonly order: number;
  heapIndex: number;
}

export interface KeyedMachinesSettings<T, K, M> {
  readonly keyBy: ((message: T) => K) | undefined;
  readonly maxKeys: number;
  /** @param moved - to be called when the machine's deadline changed other than by a call into it through this class. */
  make(key: K, moved: () => void): M;
  /** Hears of a key that had to go, after its machine has ended. */
  onEvicted(key: K): void;
  /** What the machines share and has to be seen to at the end of every entry. */
  onFinish?: ((now: Now) => void) | undefined;
}

/** The machine of a stream without keys, by itself unless others have to know of it; else one machine per key. */
export function machinesFor<T, K, M extends Machine<T>>(
  settings: KeyedMachinesSettings<T, K, M>,
  emitter: Emitter<unknown>,
): Machine<T> {
  const isAlone = settings.keyBy === undefined && settings.onFinish === undefined;
  return isAlone ? settings.make(undefined as K, nothing) : new KeyedMachines(settings, emitter);
}

/** One machine per key, the least recently used one leaving when there are too many, with one deadline for all. */
export class KeyedMachines<T, K, M extends Machine<T>> {
  /** The machine of a stream without keys. */
  readonly #single: Slot<M> | undefined;
  readonly #slots: LinkedTable<K, Slot<M>> | undefined;
  readonly #due = new Heap<Slot<M>>((one, other) =>
    one.dueMs === other.dueMs ? one.order < other.order : one.dueMs < other.dueMs,
  );
  /** How many machines were made. */
  #made = 0;

  constructor(
    private readonly settings: KeyedMachinesSettings<T, K, M>,
    private readonly emitter: Emitter<unknown>,
  ) {
    if (settings.keyBy === undefined) this.#single = this.#make(undefined as K);
    else this.#slots = new LinkedTable();
  }

  /** When the first of the machines wants to be settled. */
  get deadlineMs(): number {
    return this.#due.top?.dueMs ?? Infinity;
  }

  /** Settles every machine that is due at or before `nowMs`, earliest deadline first. */
  settle(nowMs: number): void {
    for (;;) {
      const slot = this.#due.top;
      if (slot === undefined || slot.dueMs > nowMs || this.emitter.closed) return;
      slot.machine.settle(nowMs);
      this.update(slot);
    }
  }

  /** Ends an entry. */
  finish(now: Now): void {
    this.settings.onFinish?.(now);
  }

  /** Hands `message` to the machine of its key; a new key may have cost another one its deadlines. */
  push(message: T, now: Now): boolean {
    const { keyBy } = this.settings;
    const made = this.#made;
    const slot = this.#single ?? this.of((keyBy as (message: T) => K)(message));
    if (slot.machine.push(message, now) && made === this.#made) return true;
    this.update(slot);
    return false;
  }

  /** The slot of `key`, made if need be; it becomes the most recently used one. */
  of(key: K): Slot<M> {
    if (this.#single !== undefined) return this.#single;
    const slots = this.#slots as LinkedTable<K, Slot<M>>;
    const entry = slots.get(key);
    if (entry !== undefined) {
      slots.refresh(entry);
      return entry.value;
    }
    if (slots.size >= this.settings.maxKeys) this.#evict(slots, slots.oldest);
    return slots.add(key, this.#make(key)).value;
  }

  /** Puts a machine where its deadline belongs; owed after every call into it. */
  update(slot: Slot<M>): void {
    const dueMs = slot.machine.deadlineMs;
    if (dueMs === slot.dueMs) return;
    slot.dueMs = dueMs;
    if (dueMs === Infinity) this.#due.remove(slot);
    else this.#due.place(slot);
  }

  /** Ends all machines, the least recently used first. */
  end(reason: EndReason): void {
    for (const slot of this.#all()) {
      if (this.emitter.closed) return;
      slot.machine.end(reason);
    }
  }

  /** Gives account of what all machines hold. */
  discard(): void {
    for (const slot of this.#all()) slot.machine.discard();
  }

  *#all(): Generator<Slot<M>> {
    if (this.#single !== undefined) yield this.#single;
    for (let entry = this.#slots?.oldest; entry !== undefined; entry = entry.newer) {
      yield entry.value;
    }
  }

  #make(key: K): Slot<M> {
    const { onFinish } = this.settings;
    // Only what is done at the end of an entry can move a deadline behind our back.
    const moved =
      onFinish === undefined
        ? nothing
        : () => {
            this.update(slot);
          };
    const machine = this.settings.make(key, moved);
    const slot: Slot<M> = { machine, dueMs: Infinity, order: this.#made++, heapIndex: -1 };
    return slot;
  }

  #evict(slots: LinkedTable<K, Slot<M>>, entry: LinkedEntry<K, Slot<M>> | undefined): void {
    if (entry === undefined) return;
    this.#due.remove(entry.value);
    slots.delete(entry);
    entry.value.machine.end('evicted');
    this.settings.onEvicted(entry.key);
  }
}

function nothing(): void {
  // There is nothing to do.
}
