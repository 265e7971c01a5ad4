import { describe, expect, it } from 'vitest';
import { CountWindow } from '../../../src/core/CountWindow.js';
import type { DedupeWithinEvent } from '../../../src/core/DedupeEvent.js';
import { Feed } from '../../support/machines.js';
import { Sink } from '../../support/Sink.js';

function make(count: number, repeatPolicy: 'drop' | 'pass' = 'drop', isReporting = true) {
  const sink = new Sink<string, DedupeWithinEvent<string, string>>();
  const window = new CountWindow<string, string>(
    { keyBy: (message) => message.charAt(0), maxKeys: 1, repeatPolicy, count },
    sink,
    isReporting ? sink.report : undefined,
  );
  return { sink, feed: new Feed(window) };
}

describe('CountWindow', () => {
  it('remembers the last keys, first in first out, whatever repeats', () => {
    const { sink, feed } = make(2);
    feed.push('a1', 'b1', 'a2', 'b2', 'c1');
    expect(sink.messages).toEqual(['a1', 'b1', 'c1']);
    feed.push('b3', 'a3');
    expect(sink.messages).toEqual(['a1', 'b1', 'c1', 'a3']);
    feed.push('c2', 'b4');
    expect(sink.messages).toEqual(['a1', 'b1', 'c1', 'a3', 'b4']);
  });

  it('reports repeats without times, and forgetting not at all', () => {
    const { sink, feed } = make(1);
    feed.push('a1', 'a2', 'b1');
    expect(sink.events).toEqual([
      {
        kind: 'duplicate',
        message: 'a2',
        key: 'a',
        first: undefined,
        ageMs: undefined,
        passed: false,
      },
    ]);
  });

  it('of 1 drops only what repeats the message before', () => {
    const { sink, feed } = make(1);
    feed.push('a1', 'a2', 'b1', 'a3');
    expect(sink.messages).toEqual(['a1', 'b1', 'a3']);
  });

  it('passes repeats on with that policy', () => {
    const { sink, feed } = make(2, 'pass');
    feed.push('a1', 'a2');
    expect(sink.messages).toEqual(['a1', 'a2']);
    expect(sink.events).toMatchObject([{ kind: 'duplicate', passed: true }]);
  });

  it('never reads the clock and wants no timer', () => {
    const { sink, feed } = make(2, 'drop', false);
    feed.push('a1', 'a2', 'b1');
    expect(feed.reads).toBe(0);
    expect(feed.machine.deadlineMs).toBe(Infinity);
    expect(sink.messages).toEqual(['a1', 'b1']);
  });
});
