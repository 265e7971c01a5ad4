import { describe, expect, it } from 'vitest';
import { KeyedMachines, machinesFor } from '../../../src/core/KeyedMachines.js';
import type { EndReason, Machine, Now } from '../../../src/core/Machine.js';
import { noTime } from '../../../src/core/noTime.js';
import { SeededRandom } from '../../../src/testing/SeededRandom.js';
import { isCollected } from '../../support/garbage.js';
import { Feed } from '../../support/machines.js';
import { Sink } from '../../support/Sink.js';

/** A message tells its machine what to do: when to be due next. */
interface Order {
  readonly key: unknown;
  readonly dueMs?: number;
  /** The machine says that it left no trace. */
  readonly isQuiet?: boolean;
}

/** Writes down what it is told; due when it was told to be. */
class Scribe implements Machine<Order> {
  deadlineMs = Infinity;
  /** What the deadline becomes when it is settled. */
  nextMs = Infinity;

  constructor(
    readonly key: unknown,
    private readonly log: string[],
    readonly moved: () => void,
    private readonly sink: Sink<Order>,
  ) {}

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

class Rig extends Feed<Order> {
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

describe('KeyedMachines', () => {
  describe('without keys', () => {
    it('has one machine from the start, for all messages', () => {
      const r = new Rig({ isKeyed: false });
      expect(r.drain()).toEqual(['make undefined']);
      r.keys('a', 'b');
      expect(r.drain()).toEqual(['push undefined 0', 'push undefined 0']);
      expect(r.machines.of('a')).toBe(r.machines.of('b'));
      r.end();
      r.machines.discard();
      expect(r.drain()).toEqual(['end undefined completed', 'discard undefined']);
    });

    it('has the deadline of that machine', () => {
      const r = new Rig({ isKeyed: false });
      expect(r.machines.deadlineMs).toBe(Infinity);
      r.push({ key: 0, dueMs: 7 });
      expect(r.machines.deadlineMs).toBe(7);
      r.push({ key: 0, dueMs: 9 });
      expect(r.machines.deadlineMs).toBe(9);
      r.push({ key: 0 });
      expect(r.machines.deadlineMs).toBe(Infinity);
    });
  });

  describe('push', () => {
    const quiet = { key: 'a', isQuiet: true };

    it('tells that a message left no trace', () => {
      const r = new Rig();
      r.keys('a');
      expect(r.machines.push(quiet, noTime)).toBe(true);
      expect(r.machines.push({ key: 'a' }, noTime)).toBe(false);
    });

    it('takes a new key for a trace: an old one may have had to go, with its deadline', () => {
      const r = new Rig({ maxKeys: 1 });
      r.push({ key: 'b', dueMs: 5 });
      expect(r.machines.push(quiet, noTime)).toBe(false);
      expect(r.machines.deadlineMs).toBe(Infinity);
    });
  });

  describe('keys', () => {
    it('have a machine each, made at their first message', () => {
      const r = new Rig();
      expect(r.drain()).toEqual([]);
      r.keys('a', 'b', 'a');
      expect(r.drain()).toEqual(['make a', 'push a 0', 'make b', 'push b 0', 'push a 0']);
    });

    it('are told apart as in a Map', () => {
      const r = new Rig({ maxKeys: 100 });
      r.keys(1, '1', 1n, NaN, NaN, 0, -0, '__proto__', 'constructor', undefined, null, {}, {});
      expect(r.made.length).toBe(11);
    });

    it('beyond maxKeys evict the least recently used one, whose machine ends first', () => {
      const r = new Rig({ maxKeys: 2 });
      r.keys('a', 'b', 'a');
      r.drain();
      r.keys('c');
      expect(r.drain()).toEqual(['end b evicted', 'evicted b', 'make c', 'push c 0']);
      r.keys('a', 'b');
      expect(r.drain()).toEqual(['push a 0', 'end c evicted', 'evicted c', 'make b', 'push b 0']);
    });

    it('looked up count as used', () => {
      const r = new Rig({ maxKeys: 2 });
      r.keys('a', 'b');
      r.machines.of('a');
      r.keys('c');
      expect(r.drain()).toContain('evicted b');
    });

    it('that are evicted are not settled any more, even if they move', () => {
      const r = new Rig({ maxKeys: 1 });
      r.push({ key: 'a', dueMs: 5 }).keys('b');
      expect(r.machines.deadlineMs).toBe(Infinity);
      r.drain();
      r.at(10);
      expect(r.drain()).toEqual([]);
    });

    it('of a limit of 0 would still work', () => {
      const r = new Rig({ maxKeys: 0 });
      r.keys('a', 'b');
      expect(r.drain()).toContain('evicted a');
    });

    it('are let go with their machine', async () => {
      const r = new Rig({ maxKeys: 1 });
      const reference = (() => {
        const key = {};
        r.keys(key, 'b');
        r.made.length = 0;
        return new WeakRef(key);
      })();
      expect(await isCollected(reference)).toBe(true);
      expect(r.machines.deadlineMs).toBe(Infinity);
    });
  });

  describe('deadlines', () => {
    it('are settled earliest first, equal ones in the order the machines were made', () => {
      const r = new Rig({ maxKeys: 9 });
      r.push(
        { key: 'a', dueMs: 9 },
        { key: 'b', dueMs: 5 },
        { key: 'c', dueMs: 7 },
        { key: 'd', dueMs: 5 },
        { key: 'e', dueMs: 11 },
      ).drain();
      expect(r.machines.deadlineMs).toBe(5);
      r.at(9);
      expect(r.drain()).toEqual(['settle b 9', 'settle d 9', 'settle c 9', 'settle a 9']);
      expect(r.machines.deadlineMs).toBe(11);
      r.machines.settle(10);
      expect(r.drain()).toEqual([]);
      r.at(11);
      expect(r.machines.deadlineMs).toBe(Infinity);
    });

    it('that are equal keep the order of the machines among very many', () => {
      const random = new SeededRandom(4);
      const r = new Rig({ maxKeys: 100 });
      const dues = Array.from({ length: 100 }, () => random.integer(1, 5));
      r.push(...dues.map((dueMs, key) => ({ key, dueMs }))).drain();
      r.machines.settle(5);
      const inOrder = dues
        .map((dueMs, key) => ({ dueMs, key }))
        .sort((one, other) => one.dueMs - other.dueMs || one.key - other.key);
      expect(r.drain()).toEqual(inOrder.map(({ key }) => `settle ${String(key)} 5`));
    });

    it('that a machine does not have any more are not settled, even at the end of time', () => {
      const r = new Rig();
      r.push({ key: 'a', dueMs: 5 }, { key: 'a' }).drain();
      r.machines.settle(Infinity);
      expect(r.drain()).toEqual([]);
    });

    it('that follow at once are settled in the same call', () => {
      const r = new Rig();
      r.push({ key: 'a', dueMs: 5 }, { key: 'b', dueMs: 6 });
      const [a] = r.made;
      if (a !== undefined) a.nextMs = 6;
      r.drain();
      r.machines.settle(5);
      expect(r.drain()).toEqual(['settle a 5']);
      expect(r.machines.deadlineMs).toBe(6);
    });

    it('move with every message', () => {
      const r = new Rig();
      r.push({ key: 'a', dueMs: 5 }, { key: 'b', dueMs: 7 }, { key: 'a', dueMs: 9 });
      expect(r.machines.deadlineMs).toBe(7);
      r.push({ key: 'b' });
      expect(r.machines.deadlineMs).toBe(9);
    });

    it('move when a machine says so', () => {
      const r = new Rig();
      r.keys('a', 'b');
      const [a] = r.made;
      if (a === undefined) throw new Error('no machine');
      a.deadlineMs = 4;
      expect(r.machines.deadlineMs).toBe(Infinity);
      a.moved();
      expect(r.machines.deadlineMs).toBe(4);
      a.moved();
      expect(r.machines.deadlineMs).toBe(4);
    });

    it('are not settled once the output is closed', () => {
      const r = new Rig({ limit: 2 });
      r.push({ key: 'a', dueMs: 1 }, { key: 'b', dueMs: 2 }, { key: 'c', dueMs: 3 }).drain();
      r.at(9);
      expect(r.drain()).toEqual(['settle a 9', 'settle b 9']);
    });

    it('agree with the smallest of all under random moves', () => {
      const random = new SeededRandom(12);
      const r = new Rig({ maxKeys: 20 });
      for (let round = 0; round < 3_000; round += 1) {
        const dueMs = random.chance(0.2) ? Infinity : round + random.integer(1, 50);
        r.at(round).push({ key: random.integer(0, 30), dueMs });
        const dues = [...r.alive.values()].map(({ deadlineMs }) => deadlineMs);
        expect(dues.length).toBeLessThanOrEqual(20);
        expect(r.machines.deadlineMs).toBe(Math.min(...dues));
      }
    });
  });

  describe('end', () => {
    it('reaches all machines, the least recently used first', () => {
      const r = new Rig();
      r.keys('a', 'b', 'c', 'a').drain();
      r.end();
      expect(r.drain()).toEqual(['end b completed', 'end c completed', 'end a completed']);
    });

    it('stops at a closed output', () => {
      const r = new Rig({ limit: 2 });
      r.keys('a', 'b', 'c').drain();
      r.end();
      expect(r.drain()).toEqual(['end a completed', 'end b completed']);
    });

    it('of nothing is nothing', () => {
      const r = new Rig();
      r.end();
      r.machines.discard();
      expect(r.drain()).toEqual([]);
    });
  });

  it('lets all machines give account', () => {
    const r = new Rig();
    r.keys('a', 'b').drain();
    r.machines.discard();
    expect(r.drain()).toEqual(['discard a', 'discard b']);
  });

  it('ends an entry by what the machines share, if they share something', () => {
    const r = new Rig();
    r.nowMs = 8;
    r.machines.finish(r.now);
    expect(r.drain()).toEqual(['finish 8']);
    const sink = new Sink<Order>();
    const plain = new KeyedMachines<Order, unknown, Scribe>(
      {
        keyBy: undefined,
        maxKeys: 1,
        make: (key, moved) => new Scribe(key, [], moved, sink),
        onEvicted: () => undefined,
      },
      sink,
    );
    plain.finish(() => 0);
    expect(sink.log).toEqual([]);
  });
});

describe('machinesFor', () => {
  const made: string[] = [];
  const sink = new Sink<Order>(Infinity);
  const settings = {
    maxKeys: 3,
    make: (key: unknown, moved: () => void) => new Scribe(key, made, moved, sink),
    onEvicted: () => undefined,
  };

  it('is the machine itself where there are no keys', () => {
    const machine = machinesFor<Order, unknown, Scribe>({ ...settings, keyBy: undefined }, sink);
    expect(machine).toBeInstanceOf(Scribe);
    expect(machine).toHaveProperty('key', undefined);
  });

  it('takes a machine that says so when it moves, though nobody has to know', () => {
    const make = (key: unknown, moved: () => void) => {
      moved();
      return settings.make(key, moved);
    };
    const machine = machinesFor<Order, unknown, Scribe>(
      { ...settings, make, keyBy: undefined },
      sink,
    );
    expect(machine).toBeInstanceOf(Scribe);
  });

  it.each([
    ['keys', { keyBy: (message: Order) => message.key }],
    ['something to do at the end of entries', { keyBy: undefined, onFinish: () => undefined }],
  ])('is all machines where there are %s', (_, more) => {
    const machines = machinesFor<Order, unknown, Scribe>({ ...settings, ...more }, sink);
    expect(machines).toBeInstanceOf(KeyedMachines);
  });
});
