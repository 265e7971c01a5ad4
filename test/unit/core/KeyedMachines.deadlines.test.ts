import { describe, expect, it } from 'vitest';
import { SeededRandom } from '../../../src/testing/SeededRandom.js';
import { Rig } from '../../support/keyedMachinesRig.js';

describe('KeyedMachines', () => {
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

    it('may be at the beginning of time', () => {
      const r = new Rig();
      r.push({ key: 'a', dueMs: 0 });
      expect(r.machines.deadlineMs).toBe(0);
    });

    it('may be again what they were before there was none', () => {
      const r = new Rig();
      r.push({ key: 'a', dueMs: 5 }, { key: 'a' }, { key: 'a', dueMs: 5 });
      expect(r.machines.deadlineMs).toBe(5);
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
});
