import { concat, NEVER, of, range, Subject, throwError } from 'rxjs';
import { type LinkEvent, lossyLink, VirtualClock } from 'rxjs-reliable/testing';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

describe('lossyLink', () => {
  it('passes an error on at once and loses what is in flight', () => {
    const clock = new VirtualClock();
    const error = new Error('boom');
    const log: unknown[] = [];
    const events: LinkEvent<string>[] = [];
    concat(
      of('a', 'b'),
      throwError(() => error),
    )
      .pipe(lossyLink({ delay: 10, tail: 1 }, { scheduler: clock, onEvent: (e) => events.push(e) }))
      .subscribe({ next: (value) => log.push(value), error: (e: unknown) => log.push(e) });
    expect(log).toEqual([error]);
    expect(events.map((event) => [event.message, event.kind === 'lost' && event.reason])).toEqual([
      ['a', 'error'],
      ['b', 'error'],
    ]);
    expect(clock.pending).toBe(0);
  });

  it('leaves no timer when unsubscribed', () => {
    const clock = new VirtualClock();
    const link = lossyLink<number>({ delay: 10 }, { scheduler: clock });
    const subscription = concat(range(0, 5), NEVER).pipe(link).subscribe();
    expect(clock.pending).toBe(1);
    subscription.unsubscribe();
    expect(clock.pending).toBe(0);
  });

  it('counts from subscription', () => {
    const clock = new VirtualClock({ startMs: 1_000_000 });
    const log: number[] = [];
    const faults = { blackout: { fromMs: 0, toMs: 5 }, delay: 3 };
    const source = new Subject<number>();
    source.pipe(lossyLink(faults, { scheduler: clock })).subscribe(() => log.push(clock.now()));
    source.next(1);
    clock.advanceBy(5);
    source.next(2);
    clock.flush();
    expect(log).toEqual([1_000_008]);
  });

  describe('in real time', () => {
    beforeEach(() => void vi.useFakeTimers());
    afterEach(() => void vi.useRealTimers());

    it('delivers on time', () => {
      const log: number[] = [];
      range(0, 3)
        .pipe(lossyLink({ delay: { kind: 'uniform', minMs: 50, maxMs: 60 } }))
        .subscribe((value) => log.push(value));
      vi.advanceTimersByTime(49);
      expect(log).toEqual([]);
      vi.advanceTimersByTime(11);
      expect([...log].sort()).toEqual([0, 1, 2]);
      expect(vi.getTimerCount()).toBe(0);
    });
  });
});
