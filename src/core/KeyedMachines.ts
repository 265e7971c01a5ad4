import { Heap } from '../structures/Heap.js';
import { LinkedTable } from '../structures/LinkedTable.js';
import type { KeyedMachine } from './KeyedMachine.js';
import type { Emitter, EndReason, Machine, Now } from './Machine.js';

export interface KeyedMachinesSettings<T, K, M> {
  readonly keyBy: ((message: T) => K) | undefined;
  readonly maxKeys: number;
  /** @param moved - to be called when a machine's deadline changed other than by a call into it through this class. */
  make(key: K, moved: (machine: M) => void): M;
  /** Hears of a key that had to go, after its machine has ended. */
  onEvicted(key: K): void;
  /** What the machines share and has to be seen to at the end of every entry. */
  onFinish?: ((now: Now) => void) | undefined;
}

/** The machine of a stream without keys, by itself unless others have to know of it; else one machine per key. */
export function machinesFor<T, K, M extends KeyedMachine<T, K>>(
  settings: KeyedMachinesSettings<T, K, M>,
  emitter: Emitter<unknown>,
): Machine<T> {
  const isAlone = settings.keyBy === undefined && settings.onFinish === undefined;
  return isAlone ? settings.make(undefined as K, nothing) : new KeyedMachines(settings, emitter);
}

/** One machine per key, the least recently used one leaving when there are too many, with one deadline for all. */
export class KeyedMachines<T, K, M extends KeyedMachine<T, K>> {
  /** The machine of a stream without keys. */
  readonly #single: M | undefined;
  readonly #machines: LinkedTable<K, M> | undefined;
  readonly #due = new Heap<M>((one, other) =>
    one.dueMs === other.dueMs ? one.order < other.order : one.dueMs < other.dueMs,
  );
  /** How many machines were made. */
  #made = 0;

  constructor(
    private readonly settings: KeyedMachinesSettings<T, K, M>,
    private readonly emitter: Emitter<unknown>,
  ) {
    if (settings.keyBy === undefined) this.#single = this.#make(undefined as K);
    else this.#machines = new LinkedTable();
  }

  /** When the first of the machines wants to be settled. */
  get deadlineMs(): number {
    return this.#due.top?.dueMs ?? Infinity;
  }

  /** Settles every machine that is due at or before `nowMs`, earliest deadline first. */
  settle(nowMs: number): void {
    for (;;) {
      const machine = this.#due.top;
      if (machine === undefined || machine.dueMs > nowMs || this.emitter.closed) return;
      machine.settle(nowMs);
      this.update(machine);
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
    const machine = this.#single ?? this.of((keyBy as (message: T) => K)(message));
    if (machine.push(message, now) && made === this.#made) return true;
    this.update(machine);
    return false;
  }

  /** The machine of `key`, made if need be; it becomes the most recently used one. */
  of(key: K): M {
    if (this.#single !== undefined) return this.#single;
    const machines = this.#machines as LinkedTable<K, M>;
    const known = machines.get(key);
    if (known !== undefined) {
      machines.refresh(known);
      return known;
    }
    if (machines.size >= this.settings.maxKeys) this.#evict(machines, machines.oldest);
    const machine = this.#make(key);
    machines.add(machine);
    return machine;
  }

  /** Puts a machine where its deadline belongs; owed after every call into it. */
  readonly update = (machine: M): void => {
    const dueMs = machine.deadlineMs;
    if (dueMs === Infinity) {
      this.#due.remove(machine);
    } else if (dueMs !== machine.dueMs || machine.heapIndex < 0) {
      machine.dueMs = dueMs;
      this.#due.place(machine);
    }
  };

  /** Ends all machines, the least recently used first. */
  end(reason: EndReason): void {
    for (const machine of this.#all()) {
      if (this.emitter.closed) return;
      machine.end(reason);
    }
  }

  /** Gives account of what all machines hold. */
  discard(): void {
    for (const machine of this.#all()) machine.discard();
  }

  *#all(): Generator<M> {
    if (this.#single !== undefined) yield this.#single;
    for (let machine = this.#machines?.oldest; machine !== undefined; machine = machine.newer) {
      yield machine;
    }
  }

  #make(key: K): M {
    const machine = this.settings.make(key, this.update);
    machine.order = this.#made++;
    return machine;
  }

  #evict(machines: LinkedTable<K, M>, machine: M | undefined): void {
    if (machine === undefined) return;
    this.#due.remove(machine);
    machines.delete(machine);
    machine.end('evicted');
    this.settings.onEvicted(machine.key);
  }
}

function nothing(): void {
  // There is nothing to do.
}
