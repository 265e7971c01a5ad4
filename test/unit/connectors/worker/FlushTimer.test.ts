import { VirtualClock } from 'rxjs-reliable/testing';
import { describe, expect, it } from 'vitest';
import { FlushTimer } from '../../../../src/connectors/worker/FlushTimer.js';

function make(waitMs: number) {
  const clock = new VirtualClock();
  const flushed: number[] = [];
  const timer = new FlushTimer(() => flushed.push(clock.now()), waitMs, clock);
  return { clock, flushed, timer };
}

describe('FlushTimer', () => {
  it('flushes a while after the first of several', () => {
    const { clock, flushed, timer } = make(5);
    timer.arm();
    clock.advanceBy(3);
    timer.arm();
    clock.advanceBy(10);
    expect(flushed).toEqual([5]);
    expect(clock.pending).toBe(0);
  });

  it('can be armed again, also by what it flushes', () => {
    const { clock, flushed, timer } = make(5);
    timer.arm();
    clock.advanceBy(5);
    timer.arm();
    clock.advanceBy(5);
    expect(flushed).toEqual([5, 10]);
    let rounds = 0;
    const again: FlushTimer = new FlushTimer(
      () => {
        rounds += 1;
        if (rounds < 3) again.arm();
      },
      1,
      clock,
    );
    again.arm();
    clock.flush();
    expect(rounds).toBe(3);
  });

  it('is not armed once it is cancelled, but can be again', () => {
    const { clock, flushed, timer } = make(5);
    timer.cancel();
    timer.arm();
    timer.cancel();
    expect(clock.pending).toBe(0);
    clock.advanceBy(7);
    timer.arm();
    clock.advanceBy(5);
    expect(flushed).toEqual([12]);
  });

  it('with 0 ms flushes at the end of the turn, without a timer', async () => {
    const { clock, flushed, timer } = make(0);
    timer.arm();
    timer.arm();
    expect(flushed).toEqual([]);
    expect(clock.pending).toBe(0);
    await Promise.resolve();
    await Promise.resolve();
    expect(flushed).toEqual([0]);
    timer.arm();
    timer.cancel();
    await new Promise((resolve) => setTimeout(resolve, 0));
    expect(flushed).toEqual([0]);
  });
});
