import { KeyedMachine } from '../../src/core/KeyedMachine.js';
import { KeyedMachines } from '../../src/core/KeyedMachines.js';
import type { EndReason, Now } from '../../src/core/Machine.js';
import { Feed } from './machines.js';
import { Sink } from './Sink.js';

/** A message tells its machine what to do: when to be due next. */
export interface Order {
  readonly key: unknown;
  readonly dueMs?: number;
  /** The machine says that it left no trace. */
  readonly isQuiet?: boolean;
}

/** Writes down what it is told; due when it was told to be. */
export class Scribe extends KeyedMachine<Order, unknown> {
  deadlineMs = Infinity;
  /** What the deadline becomes when it is settled. */
  nextMs = Infinity;

  constructor(
    key: unknown,
    private readonly log: string[],
    private readonly whenMoved: (machine: Scribe) => void,
    private readonly sink: Sink<Order>,
  ) {
    super(key);
  }

  moved(): void {
    this.whenMoved(this);
  }

  settle(nowMs: number): void {
    this.log.push(`settle ${String(this.key)} ${String(nowMs)}`);
    this.deadlineMs = this.nextMs;
    this.sink.next({ key: this.key });
  }

  push(message: Order, now: Now): boolean {
    this.log.push(`push ${String(this.key)} ${String(now())}`);
    this.deadlineMs = message.dueMs ?? Infinity;
    return message.isQuiet ?? false;
  }

  end(reason: EndReason): void {
    this.log.push(`end ${String(this.key)} ${reason}`);
    this.sink.next({ key: 'end' });
  }

  discard(): void {
    this.log.push(`discard ${String(this.key)}`);
  }
}

/** Machines by key, all of which write into one log. */
export class Rig extends Feed<Order> {
  readonly log: string[];
  readonly made: Scribe[];
  /** Those not evicted. */
  readonly alive: ReadonlyMap<unknown, Scribe>;
  readonly machines: KeyedMachines<Order, unknown, Scribe>;

  constructor({ maxKeys = 3, isKeyed = true, limit = Infinity } = {}) {
    const log: string[] = [];
    const made: Scribe[] = [];
    const alive = new Map<unknown, Scribe>();
    const sink = new Sink<Order>(limit);
    const machines = new KeyedMachines<Order, unknown, Scribe>(
      {
        keyBy: isKeyed ? ({ key }) => key : undefined,
        maxKeys,
        make: (key, moved) => {
          log.push(`make ${String(key)}`);
          const scribe = new Scribe(key, log, moved, sink);
          made.push(scribe);
          alive.set(key, scribe);
          return scribe;
        },
        onEvicted: (key) => {
          log.push(`evicted ${String(key)}`);
          alive.delete(key);
        },
        onFinish: (now) => log.push(`finish ${String(now())}`),
      },
      sink,
    );
    super(machines);
    this.log = log;
    this.made = made;
    this.alive = alive;
    this.machines = machines;
  }

  keys(...keys: readonly unknown[]): this {
    return this.push(...keys.map((key) => ({ key })));
  }

  drain(): string[] {
    return this.log.splice(0);
  }
}
