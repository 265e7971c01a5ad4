import { debounceTime, delay, interval, of, Subject, take, throttleTime, timer } from 'rxjs';
import { VirtualClock } from 'rxjs-reliable/testing';
import { describe, expect, it } from 'vitest';

/** Records what runs, and when. */
function logOn(clock: VirtualClock): { log: string[]; note: (name: string) => () => void } {
  const log: string[] = [];
  return { log, note: (name) => () => log.push(`${name}@${clock.now()}`) };
}

describe('VirtualClock', () => {
  it('runs actions by due time, ties in the order of scheduling', () => {
    const clock = new VirtualClock();
    const { log, note } = logOn(clock);
    clock.schedule(note('c'), 20);
    clock.schedule(note('a'), 10);
    clock.schedule(note('d'), 20);
    clock.schedule(note('b'), 10);
    clock.advanceTo(20);
    expect(log).toEqual(['a@10', 'b@10', 'c@20', 'd@20']);
  });

  it('agrees with a sorted list for many actions, some of them cancelled', () => {
    const clock = new VirtualClock();
    const ran: number[] = [];
    const dueMs = (index: number): number => (index * 7_919) % 101;
    const indices = Array.from({ length: 5_000 }, (_, index) => index);
    const actions = indices.map((index) => clock.schedule(() => ran.push(index), dueMs(index)));
    for (const index of indices) if (index % 3 === 0) actions[index]?.unsubscribe();
    const left = indices.filter((index) => index % 3 !== 0);
    expect(clock.pending).toBe(left.length);
    clock.flush();
    expect(ran).toEqual(left.sort((one, other) => dueMs(one) - dueMs(other) || one - other));
    expect(clock.pending).toBe(0);
  });

  it('handles 100,000 pending actions in a moment', () => {
    const clock = new VirtualClock();
    let count = 0;
    const startedMs = performance.now();
    for (let index = 0; index < 100_000; index += 1) clock.schedule(() => count++, index % 977);
    clock.flush();
    expect(count).toBe(100_000);
    expect(performance.now() - startedMs).toBeLessThan(2_000);
  });

  it('stops at the time asked for and keeps the rest', () => {
    const clock = new VirtualClock({ startMs: 1_000 });
    const { log, note } = logOn(clock);
    clock.schedule(note('a'), 10);
    clock.schedule(note('b'), 11);
    expect(clock.nextMs).toBe(1_010);
    clock.advanceBy(10);
    expect([clock.now(), clock.pending, clock.nextMs]).toEqual([1_010, 1, 1_011]);
    clock.advanceTo(1_500);
    expect([clock.now(), clock.pending, clock.nextMs]).toEqual([1_500, 0, Infinity]);
    expect(log).toEqual(['a@1010', 'b@1011']);
  });

  it('runs what is scheduled meanwhile, and passes state to rescheduled work', () => {
    const clock = new VirtualClock();
    const { log, note } = logOn(clock);
    clock.schedule<number>(
      function (count = 0) {
        note(`tick${count}`)();
        if (count < 2) this.schedule(count + 1, 5);
      },
      1,
      0,
    );
    clock.schedule(() => clock.schedule(note('inner')), 6);
    clock.flush();
    expect(log).toEqual(['tick0@1', 'tick1@6', 'inner@6', 'tick2@11']);
    expect(clock.now()).toBe(11);
  });

  it('lets an action unsubscribe itself and never runs again', () => {
    const clock = new VirtualClock();
    let runs = 0;
    const action = clock.schedule(function () {
      runs += 1;
      this.unsubscribe();
      this.schedule(undefined, 1);
    }, 1);
    clock.flush();
    expect([runs, action.closed, clock.pending]).toEqual([1, true, 0]);
  });

  it('takes a negative delay for none', () => {
    const clock = new VirtualClock();
    const { log, note } = logOn(clock);
    clock.advanceTo(5);
    clock.schedule(note('a'), -3);
    clock.advanceBy(0);
    expect(log).toEqual(['a@5']);
  });

  it.each([NaN, Infinity, 2 ** 31])(
    'refuses a delay of %s ms, which real timers do not keep',
    (ms) => {
      const clock = new VirtualClock();
      expect(() => clock.schedule(() => undefined, ms)).toThrow(RangeError);
      expect(clock.pending).toBe(0);
    },
  );

  it('keeps such actions pending when it is not strict', () => {
    const clock = new VirtualClock({ strict: false });
    const { log, note } = logOn(clock);
    clock.schedule(note('never'), Infinity);
    clock.schedule(note('never'), NaN);
    clock.schedule(note('long'), 2 ** 31);
    clock.flush();
    expect(log).toEqual(['long@2147483648']);
    expect(clock.pending).toBe(2);
  });

  it('lets errors out and goes on afterwards', () => {
    const clock = new VirtualClock();
    const { log, note } = logOn(clock);
    const error = new Error('boom');
    const action = clock.schedule(() => {
      throw error;
    }, 1);
    clock.schedule(note('a'), 1);
    expect(() => clock.advanceTo(3)).toThrow(error);
    expect(action.closed).toBe(true);
    clock.advanceTo(3);
    expect(log).toEqual(['a@1']);
  });

  it('calls an endless flush endless, and an endless instant too', () => {
    const clock = new VirtualClock({ maxActions: 50 });
    const ticking = interval(10, clock).subscribe();
    expect(() => clock.flush()).toThrow(/more than 50 actions/);
    ticking.unsubscribe();
    const spinning = interval(0, clock).subscribe();
    expect(() => clock.advanceBy(1)).toThrow(/more than 50 actions/);
    spinning.unsubscribe();
    let ticks = 0;
    interval(1, clock).subscribe(() => ticks++);
    clock.advanceBy(1_000);
    expect(ticks).toBe(1_000);
  });

  it('does not let an action advance the time', () => {
    const clock = new VirtualClock();
    clock.schedule(() => clock.advanceBy(1), 1);
    expect(() => clock.flush()).toThrow(/block\(\)/);
    clock.advanceBy(1);
  });

  it('blocks: what is due meanwhile runs late', () => {
    const clock = new VirtualClock();
    const { log, note } = logOn(clock);
    clock.schedule(note('a'), 5);
    clock.schedule(() => clock.block(10), 2);
    clock.advanceTo(4);
    expect([clock.now(), log]).toEqual([12, []]);
    clock.advanceTo(6);
    expect(log).toEqual(['a@12']);
  });

  it('steps back without running anything twice or later', () => {
    const clock = new VirtualClock({ startMs: 100 });
    const { log, note } = logOn(clock);
    clock.schedule(note('a'), 10);
    clock.advanceBy(5);
    clock.stepBack(50);
    expect([clock.now(), clock.nextMs]).toEqual([55, 60]);
    clock.advanceBy(5);
    expect(log).toEqual(['a@60']);
    clock.setNow(1_000);
    clock.schedule(note('b'), 1);
    clock.advanceTo(1_001);
    expect(log).toEqual(['a@60', 'b@1001']);
  });

  it('wakes late when told to', () => {
    const clock = new VirtualClock();
    const { log, note } = logOn(clock);
    clock.lateBy(7);
    clock.schedule(note('a'), 5);
    clock.advanceTo(11);
    expect(log).toEqual([]);
    clock.advanceTo(20);
    expect(log).toEqual(['a@12']);
  });

  it.each([
    ['startMs', () => new VirtualClock({ startMs: NaN })],
    ['maxActions', () => new VirtualClock({ maxActions: 0 })],
    ['durationMs', () => new VirtualClock().advanceBy(-1)],
    ['nowMs', () => new VirtualClock().advanceTo(Infinity)],
    ['stepMs', () => new VirtualClock().stepBack(-1)],
    ['latenessMs', () => new VirtualClock().lateBy(NaN)],
  ])('refuses a bad %s', (name, call) => {
    expect(call).toThrow(new RegExp(`VirtualClock: \`${name}\``));
  });

  describe("under RxJS's own operators", () => {
    it('timer and interval', () => {
      const clock = new VirtualClock();
      const { log, note } = logOn(clock);
      timer(10, 5, clock)
        .pipe(take(3))
        .subscribe((n) => note(String(n))());
      clock.flush();
      expect(log).toEqual(['0@10', '1@15', '2@20']);
      expect(clock.pending).toBe(0);
    });

    it('delay', () => {
      const clock = new VirtualClock();
      const { log, note } = logOn(clock);
      of('a', 'b')
        .pipe(delay(30, clock))
        .subscribe({ next: (n) => note(n)(), complete: note('end') });
      clock.flush();
      expect(log).toEqual(['a@30', 'b@30', 'end@30']);
    });

    it('debounceTime', () => {
      const clock = new VirtualClock();
      const { log, note } = logOn(clock);
      const source = new Subject<string>();
      source.pipe(debounceTime(10, clock)).subscribe((n) => note(n)());
      source.next('a');
      clock.advanceBy(9);
      source.next('b');
      clock.advanceBy(30);
      source.next('c');
      source.complete();
      expect(log).toEqual(['b@19', 'c@39']);
      expect(clock.pending).toBe(0);
    });

    it('throttleTime', () => {
      const clock = new VirtualClock();
      const { log, note } = logOn(clock);
      const source = interval(4, clock).pipe(take(6), throttleTime(10, clock));
      source.subscribe((n) => note(String(n))());
      clock.flush();
      expect(log).toEqual(['0@4', '3@16']);
    });
  });
});
