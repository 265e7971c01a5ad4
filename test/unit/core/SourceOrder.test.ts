import { describe, expect, it } from 'vitest';
import type { ShardResultEvent } from '../../../src/core/MergeEvent.js';
import { Parcel } from '../../../src/core/Parcel.js';
import { SourceOrder } from '../../../src/core/SourceOrder.js';
import type { Turn } from '../../../src/core/Turn.js';
import { SeededRandom } from '../../../src/testing/SeededRandom.js';

function make(maxBuffer = 100, latePolicy: 'drop' | 'emit' = 'drop', isReporting = true) {
  const log: string[] = [];
  const emitter = { closed: false, next: (text: string) => void log.push(text) };
  const events: ShardResultEvent<string>[] = [];
  const report = (event: ShardResultEvent<string>): void => {
    events.push(event);
    log.push(`${event.kind} ${event.message}`);
  };
  const order = new SourceOrder<string>(
    { maxBuffer, latePolicy },
    emitter,
    isReporting ? report : undefined,
  );
  const accept = (ticket: number): Turn => {
    const parcel = new Parcel<unknown>(ticket, '', undefined, undefined);
    order.accepted(parcel);
    return parcel.turn as Turn;
  };
  return { order, log, events, emitter, accept };
}

describe('SourceOrder', () => {
  it('lets the first pass and holds the others', () => {
    const { order, log, accept } = make();
    const [one, two] = [accept(0), accept(1)];
    order.result('b', 0, two);
    order.result('a', 0, one);
    expect(log).toEqual(['a']);
    order.finish(one);
    expect(log).toEqual(['a', 'b']);
    order.result('b2', 0, two);
    expect(log).toEqual(['a', 'b', 'b2']);
  });

  it('passes over those that are over without a result', () => {
    const { order, log, accept } = make();
    const [one, two, three] = [accept(0), accept(1), accept(2)];
    order.finish(two);
    order.finish(two);
    order.result('c', 0, three);
    order.finish(three);
    order.finish(one);
    expect(log).toEqual(['c']);
  });

  it('puts those in line that were accepted earlier', () => {
    const { order, log, accept } = make();
    const [second, third, first] = [accept(1), accept(5), accept(0)];
    order.result('b', 0, second);
    order.finish(second);
    order.result('c', 0, third);
    expect(log).toEqual([]);
    order.finish(first);
    expect(log).toEqual(['b', 'c']);
  });

  it('lets results of no message pass', () => {
    const { order, log, accept } = make();
    accept(0);
    order.result('x', 0, undefined);
    expect(log).toEqual(['x']);
  });

  it('gives up the first when it holds too much', () => {
    const { order, log, accept } = make(1);
    const [one, two, three] = [accept(0), accept(1), accept(2)];
    order.result('b', 0, two);
    order.result('c', 0, three);
    expect(log).toEqual(['overflow c', 'b']);
    order.result('a', 0, one);
    order.finish(one);
    order.finish(two);
    expect(log).toEqual(['overflow c', 'b', 'late a', 'c']);
  });

  it('forgets what was held of a message that is tried again', () => {
    const { order, log, accept } = make(1);
    const [one, two] = [accept(0), accept(1)];
    order.result('b', 0, two);
    order.restart(two);
    order.result('B', 0, two);
    order.finish(one);
    expect(log).toEqual(['B']);
  });

  it('stops at once when nobody listens', () => {
    const { order, log, accept, emitter } = make();
    const [one, two] = [accept(0), accept(1)];
    order.result('b', 0, two);
    order.result('c', 0, two);
    emitter.next = (text) => {
      log.push(text);
      emitter.closed = true;
    };
    order.finish(one);
    expect(log).toEqual(['b']);
  });

  it('gives account of what it holds', () => {
    const { order, log, accept } = make();
    accept(0);
    order.result('b', 0, accept(1));
    order.discard();
    order.discard();
    expect(log).toEqual(['discarded b']);
  });

  it('does not care about time or shards', () => {
    const { order, log } = make();
    order.settle();
    order.open();
    order.close();
    expect([order.deadlineMs, log]).toEqual([Infinity, []]);
  });

  it('lets everything leave in the order of the messages, and nothing later than it may', () => {
    for (let seed = 1; seed <= 100; seed += 1) {
      const random = new SeededRandom(seed);
      const { order, log, accept } = make();
      // In any order at first, as of shards that were merged late; then in line.
      const tickets = Array.from({ length: 8 }, (_, n) => ({ n, at: random.fraction() }))
        .sort((one, other) => one.at - other.at)
        .map(({ n }) => n);
      tickets.push(8, 9, 10, 11);
      const works = tickets
        .map((ticket) => ({ ticket, turn: accept(ticket), results: [] as string[], isOver: false }))
        .sort((one, other) => one.ticket - other.ticket);
      const expected = (): string[] => {
        const out: string[] = [];
        for (const { results, isOver } of works) {
          out.push(...results);
          if (!isOver) break;
        }
        return out;
      };
      while (works.some(({ isOver }) => !isOver)) {
        const open = works.filter(({ isOver }) => !isOver);
        const work = open[random.integer(0, open.length - 1)];
        if (work === undefined) throw new Error('no work');
        if (random.chance(0.5)) {
          const result = `${String(work.ticket)}.${String(work.results.length)}`;
          work.results.push(result);
          order.result(result, 0, work.turn);
        } else {
          work.isOver = true;
          order.finish(work.turn);
        }
        expect(log).toEqual(expected());
      }
    }
  });

  it('has nobody in line who is over and holds nothing', () => {
    const { order, accept } = make();
    const [, two] = [accept(0), accept(1)];
    order.finish(two);
    expect(two.isInLine).toBe(false);
  });

  it('keeps the order where a message is said to be over again while its results leave', () => {
    const { order, log, accept, emitter } = make();
    const [one, two, three] = [accept(0), accept(1), accept(2)];
    for (const text of ['b1', 'b2']) order.result(text, 0, two);
    order.result('c', 0, three);
    order.finish(two);
    emitter.next = (text) => {
      log.push(text);
      if (text === 'b1') order.finish(two);
    };
    order.finish(one);
    expect(log).toEqual(['b1', 'b2', 'c']);
  });

  it('counts what it holds: what has left makes room', () => {
    const { order, log, accept } = make(2);
    const turns = [accept(0), accept(1), accept(2), accept(3)] as const;
    for (const text of ['b1', 'b2']) order.result(text, 0, turns[1]);
    order.finish(turns[0]);
    expect(log).toEqual(['b1', 'b2']);
    for (const text of ['c1', 'c2']) order.result(text, 0, turns[2]);
    expect(log).toEqual(['b1', 'b2']);
    order.result('d', 0, turns[3]);
    expect(log.slice(2)).toEqual(['overflow d', 'c1', 'c2']);
  });

  it('emits late results where that is wanted, as long as somebody listens', () => {
    const { order, log, accept, events, emitter } = make(0, 'emit');
    const [one, two] = [accept(0), accept(1)];
    order.result('b', 0, two);
    order.result('a', 3, one);
    expect(log).toEqual(['overflow b', 'b', 'late a', 'a']);
    expect(events).toEqual([
      { kind: 'overflow', message: 'b', shard: 0, key: undefined, passed: true },
      { kind: 'late', message: 'a', shard: 3, key: undefined, passed: true },
    ]);
    emitter.closed = true;
    order.result('a2', 3, one);
    expect(log.at(-1)).toBe('late a2');
  });

  it('tells all about what is late, and about what it discards', () => {
    const { order, accept, events } = make(1);
    const [one, two, three, four] = [accept(0), accept(1), accept(2), accept(3)];
    order.result('c', 0, three);
    order.result('d', 1, four);
    order.result('a', 0, one);
    order.finish(two);
    order.discard();
    expect(events.slice(1)).toEqual([
      { kind: 'late', message: 'a', shard: 0, key: undefined, passed: false },
      { kind: 'discarded', message: 'd', shard: 1, reason: 'error', key: undefined, passed: false },
    ]);
  });

  it('needs nobody to listen to events', () => {
    const { order, log, accept } = make(1, 'drop', false);
    const [one, two, three] = [accept(0), accept(1), accept(2)];
    order.result('b', 0, two);
    order.result('c', 0, three);
    order.result('a', 0, one);
    order.discard();
    expect(log).toEqual(['b']);
  });
});
