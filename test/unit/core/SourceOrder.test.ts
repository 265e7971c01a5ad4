import { describe, expect, it } from 'vitest';
import { Parcel } from '../../../src/core/Parcel.js';
import { SourceOrder } from '../../../src/core/SourceOrder.js';
import type { Turn } from '../../../src/core/Turn.js';

function make(maxBuffer = 100, latePolicy: 'drop' | 'emit' = 'drop') {
  const log: string[] = [];
  const emitter = { closed: false, next: (text: string) => void log.push(text) };
  const order = new SourceOrder<string>({ maxBuffer, latePolicy }, emitter, (event) => {
    log.push(`${event.kind} ${event.message}`);
  });
  const accept = (ticket: number): Turn => {
    const parcel = new Parcel<unknown>(ticket, '', undefined, undefined);
    order.accepted(parcel);
    return parcel.turn as Turn;
  };
  return { order, log, emitter, accept };
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
});
