import { describe, expect, it } from 'vitest';
import { KeyedMachines, machinesFor } from '../../../src/core/KeyedMachines.js';
import { noTime } from '../../../src/core/noTime.js';
import { isCollected } from '../../support/garbage.js';
import { type Order, Rig, Scribe } from '../../support/keyedMachinesRig.js';
import { Sink } from '../../support/Sink.js';

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
    make: (key: unknown, moved: (machine: Scribe) => void) => new Scribe(key, made, moved, sink),
    onEvicted: () => undefined,
  };

  it('is the machine itself where there are no keys', () => {
    const machine = machinesFor<Order, unknown, Scribe>({ ...settings, keyBy: undefined }, sink);
    expect(machine).toBeInstanceOf(Scribe);
    expect(machine).toHaveProperty('key', undefined);
  });

  it('takes a machine that says so when it moves, though nobody has to know', () => {
    const make = (key: unknown, moved: (machine: Scribe) => void) => {
      const scribe = settings.make(key, moved);
      scribe.moved();
      return scribe;
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
