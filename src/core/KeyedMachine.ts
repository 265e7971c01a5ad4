import type { HeapItem } from '../structures/Heap.js';
import type { LinkedEntry } from '../structures/LinkedTable.js';
import type { EndReason, Machine, Now } from './Machine.js';

/** A machine that may be one of many, one for each key: it knows its place among them, which saves an object around it. */
export abstract class KeyedMachine<T, K> implements Machine<T>, HeapItem, LinkedEntry<K> {
  older: this | undefined;
  newer: this | undefined;
  /** Its deadline when it was last placed; of no meaning outside of the heap. */
  dueMs = 0;
  heapIndex = -1;
  /** Breaks ties between equal deadlines: the older machine first. */
  order = 0;

  constructor(readonly key: K) {}

  abstract readonly deadlineMs: number;
  abstract settle(nowMs: number): void;
  abstract push(message: T, now: Now): boolean;
  abstract end(reason: EndReason): void;
  abstract discard(): void;
}
