import { describe, expect, it, vi } from 'vitest';
import type { DedupeWithinEvent } from '../../../src/core/DedupeEvent.js';
import { TimeWindow, type TimeWindowSettings } from '../../../src/core/TimeWindow.js';
import { SeededRandom } from '../../../src/testing/SeededRandom.js';
import { Feed } from '../../support/machines.js';
import { Sink } from '../../support/Sink.js';

class Rig extends Feed<string> {
  readonly sink = new Sink<string, DedupeWithinEvent<string, string>>();

  constructor(options: Partial<TimeWindowSettings<string, string>> = {}, isReporting = true) {
    const sink = new Sink<string, DedupeWithinEvent<string, string>>();
    super(
      new TimeWindow<string, string>(
        {
          keyBy: (message) => message.charAt(0),
          maxKeys: 100,
          repeatPolicy: 'drop',
          ms: 100,
          refresh: false,
          ...options,
        },
        sink,
        isReporting ? sink.report : undefined,
      ),
    );
    this.sink = sink;
  }
}

describe('TimeWindow', () => {
  it('passes the first of each key and drops repeats, saying when the first came', () => {
    const r = new Rig();
    r.at(5).push('a1', 'b1').at(47).push('a2');
    expect(r.sink.log).toEqual([
      'a1',
      'b1',
      { kind: 'duplicate', message: 'a2', key: 'a', first: 5, ageMs: 42, passed: false },
    ]);
  });

  it('forgets exactly ms after the first, not 1 ms before', () => {
    const r = new Rig();
    r.at(5).push('a1').at(104).push('a2').at(105).push('a3').at(204).push('a4').at(205).push('a5');
    expect(r.sink.messages).toEqual(['a1', 'a3', 'a5']);
  });

  it('counts from the last one with refresh, and still tells when the first came', () => {
    const r = new Rig({ refresh: true });
    r.push('a1').at(99).push('a2').at(198).push('a3').at(298).push('a4');
    expect(r.sink.messages).toEqual(['a1', 'a4']);
    expect(r.sink.events).toMatchObject([
      { first: 0, ageMs: 99 },
      { first: 0, ageMs: 198 },
    ]);
  });

  it('passes repeats on with that policy', () => {
    const r = new Rig({ repeatPolicy: 'pass' });
    r.push('a1', 'a2');
    expect(r.sink.log).toEqual([
      'a1',
      { kind: 'duplicate', message: 'a2', key: 'a', first: 0, ageMs: 0, passed: true },
      'a2',
    ]);
  });

  it('of 0 ms remembers nothing', () => {
    const r = new Rig({ ms: 0 });
    r.push('a1', 'a2');
    expect(r.sink.messages).toEqual(['a1', 'a2']);
  });

  it('of Infinity remembers for ever', () => {
    const r = new Rig({ ms: Infinity });
    r.push('a1').at(1e15).push('a2');
    expect(r.sink.messages).toEqual(['a1']);
  });

  it('reads the clock once a message, and wants no timer', () => {
    const r = new Rig();
    r.push('a1', 'a2', 'b1');
    expect(r.reads).toBe(3);
    expect(r.machine.deadlineMs).toBe(Infinity);
    r.machine.settle(1e9);
    r.end();
    r.machine.discard();
    expect(r.sink.messages).toEqual(['a1', 'b1']);
  });

  describe('of maxKeys', () => {
    it('evicts the key that came first, and passes its repeat', () => {
      const r = new Rig({ maxKeys: 2 });
      r.at(1).push('a1').at(2).push('b1').at(3).push('a2', 'c1');
      expect(r.sink.events.slice(1)).toEqual([{ kind: 'evicted', key: 'a', first: 1 }]);
      r.push('a3');
      expect(r.sink.events.at(-1)).toEqual({ kind: 'evicted', key: 'b', first: 2 });
      expect(r.sink.messages).toEqual(['a1', 'b1', 'c1', 'a3']);
    });

    it('evicts the key that was refreshed longest ago', () => {
      const r = new Rig({ maxKeys: 2, refresh: true });
      r.at(1).push('a1').at(2).push('b1').at(3).push('a2', 'c1');
      expect(r.sink.events.slice(1)).toEqual([{ kind: 'evicted', key: 'b', first: 2 }]);
    });

    it('makes room by what is past its time, without an event', () => {
      const r = new Rig({ maxKeys: 2 });
      r.push('a1', 'b1').at(100).push('c1', 'd1');
      expect(r.sink.events).toEqual([]);
    });

    it('counts from nothing at whatever time', () => {
      const r = new Rig({ maxKeys: 2 });
      r.at(1_000).push('a1', 'b1', 'c1');
      expect(r.sink.events).toEqual([{ kind: 'evicted', key: 'a', first: 1_000 }]);
    });

    it('reports before it emits', () => {
      const r = new Rig({ maxKeys: 1 });
      r.push('a1', 'b1');
      expect(r.sink.log.length).toBe(3);
      expect(r.sink.log[2]).toBe('b1');
    });

    it('of 1 works for a key that is past its time', () => {
      const r = new Rig({ maxKeys: 1 });
      r.push('a1').at(100).push('a2');
      expect(r.sink.messages).toEqual(['a1', 'a2']);
      expect(r.sink.events).toEqual([]);
    });
  });

  it('clears away no more than 4 keys a message', () => {
    const r = new Rig({ maxKeys: 10 });
    const push = (letters: string): void => {
      for (const letter of letters) r.push(letter);
    };
    push('abcdefghij');
    r.at(100);
    r.push('k'); // clears a to d
    r.at(101).push('l'); // clears e to h
    expect(r.sink.events).toEqual([]);
    push('mnopq'); // i and j go, too
    expect(r.sink.events).toEqual([]);
    push('rst');
    expect(r.sink.events.length).toBe(0);
    r.push('u');
    expect(r.sink.events).toEqual([{ kind: 'evicted', key: 'k', first: 100 }]);
  });

  it('clears away 4 keys a message, and no more', () => {
    const r = new Rig();
    r.push('a', 'b', 'c', 'd', 'e', 'f').at(100);
    const deleted = vi.spyOn(Map.prototype, 'delete');
    r.push('k');
    const keys = deleted.mock.calls.flat();
    deleted.mockRestore();
    expect(keys).toEqual(['a', 'b', 'c', 'd']);
  });

  it('needs nobody who listens to events', () => {
    const r = new Rig({ maxKeys: 1, repeatPolicy: 'pass' }, false);
    r.push('a1', 'a2', 'b1');
    expect(r.sink.messages).toEqual(['a1', 'a2', 'b1']);
  });

  it.each([false, true])(
    'agrees with a Map under random keys and times (refresh %s)',
    (refresh) => {
      const random = new SeededRandom(3);
      const r = new Rig({ refresh, maxKeys: 1_000, keyBy: (message) => message });
      const since = new Map<string, number>();
      for (let round = 0; round < 5_000; round += 1) {
        r.at(r.nowMs + random.integer(0, 20));
        const key = String(random.integer(0, 30));
        const seen = since.get(key);
        const isNew = seen === undefined || r.nowMs - seen >= 100;
        if (isNew || refresh) since.set(key, r.nowMs);
        r.push(key);
        expect(r.sink.drainMessages().length).toBe(isNew ? 1 : 0);
      }
    },
  );

  it('remembers a key that came again after its time, whatever is cleared away later', () => {
    const r = new Rig();
    r.push('a1', 'b1', 'c1', 'd1', 'e1').at(150).push('e2', 'x1', 'e3');
    expect(r.sink.messages.slice(5)).toEqual(['e2', 'x1']);
    expect(r.sink.events).toMatchObject([{ kind: 'duplicate', message: 'e3', first: 150 }]);
  });

  it('of a limit of 0 would still work', () => {
    const r = new Rig({ maxKeys: 0 });
    r.push('a1', 'a2', 'b1', 'a3');
    expect(r.sink.messages).toEqual(['a1', 'b1', 'a3']);
  });
});
