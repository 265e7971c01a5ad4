import { type SchedulerLike, Subscription, tap, VirtualTimeScheduler } from 'rxjs';
import type { SequenceNumber } from 'rxjs-reliable';
import type { SharedSubject } from '../SharedSubject.js';
import { before, type Sabotage, sound, withOptions, withTools } from './Sabotage.js';

const ignore = (): void => undefined;

function ambient(name: string, that: string, use: () => void): Sabotage {
  return {
    property: 'G10',
    that,
    says: new RegExp(`used ${name} although`),
    subject: () => before(sound('dedupeWithin count'), () => tap(use)),
  };
}

const isolationSabotages: readonly Sabotage[] = [
  ambient('Date.now', 'looks at the clock of the machine', () => Date.now()),
  ambient('performance.now', 'measures by the clock of the machine', () => performance.now()),
  ambient('Math.random', 'draws lots', () => Math.random()),
  ambient('setTimeout', 'sets a timer of the machine', () => setTimeout(ignore)),
  ambient('queueMicrotask', 'puts something off', () => queueMicrotask(ignore)),
  {
    property: 'G10',
    that: 'waits on a clock of its own unless it is given one',
    says: /logs differ/,
    subject: () =>
      withTools(sound('reorderBy time'), ({ scheduler }) => ({
        scheduler: scheduler ?? new VirtualTimeScheduler(),
      })),
  },
];

const timeShiftSabotages: readonly Sabotage[] = [
  {
    property: 'G11',
    that: 'counts by the full tenths of a second of its clock',
    says: /logs differ/,
    subject: () =>
      before(sound('dedupeWithin count'), ({ report, work }) => {
        let last = -1;
        return tap(() => {
          const tenth = Math.floor(work.now() / 100);
          if (tenth !== last) report({ kind: 'tenth' });
          last = tenth;
        });
      }),
  },
  {
    property: 'G11',
    that: 'counts from its subscription on, and does not say so',
    says: /logs differ/,
    subject: () =>
      before(sound('dedupeWithin count'), (tools) =>
        tap(() => {
          if (tools.work.now() - tools.beganMs < 200) tools.report({ kind: 'early' });
        }),
      ),
  },
];

/** An operator that reads other numbers than there are. */
function misreading(name: string, read: (seq: SequenceNumber) => SequenceNumber): SharedSubject {
  return withTools(sound(name), ({ callback }) => ({
    callback(which, work) {
      const watched = callback(which, work);
      if (which !== 'sequenceOf') return watched;
      type Result = ReturnType<typeof watched>;
      return (...args) => read(watched(...args) as SequenceNumber) as Result;
    },
  }));
}

const labelShiftSabotages: readonly Sabotage[] = [
  {
    property: 'G12',
    that: 'makes numbers of bigints',
    says: /logs differ/,
    subject: () => misreading('sequenceGaps', Number),
  },
  {
    property: 'G12',
    that: 'keeps 32 bits of a number',
    says: /logs differ/,
    subject: () =>
      misreading('reorderBy sequence', (seq) => Number(BigInt.asIntN(32, BigInt(seq)))),
  },
  {
    property: 'G12',
    that: 'tells odd numbers from even ones',
    says: /logs differ/,
    subject: () =>
      before(sound('reorderBy sequence'), ({ report }) =>
        tap(({ seq }) => {
          if (BigInt(seq) % 2n === 1n) report({ kind: 'odd' });
        }),
      ),
  },
];

/** What a timer does when its time has come, and how it is set once more. */
type OnTime = (act: () => void, dueMs: number, again: (delayMs: number) => void) => void;

/** A clock whose timers do something else than what they were set for. */
function runningTimers(clock: SchedulerLike, onTime: OnTime): SchedulerLike {
  return {
    now: () => clock.now(),
    schedule(work, delayMs = 0, state) {
      const dueMs = clock.now() + delayMs;
      const timers = new Subscription();
      const first = clock.schedule(
        function (given) {
          const act = (): void => {
            Reflect.apply(work, this, [given]);
          };
          onTime(act, dueMs, (againMs) => timers.add(clock.schedule(act, againMs)));
        },
        delayMs,
        state,
      );
      timers.add(first);
      return timers;
    },
  };
}

/** An operator whose timers do nothing when they wake up at such a time. */
function forgetting(isForgotten: (nowMs: number, dueMs: number) => boolean): SharedSubject {
  return withTools(sound('slaTimeout'), ({ work, scheduler = work }) => ({
    scheduler: runningTimers(scheduler, (act, dueMs) => {
      if (!isForgotten(scheduler.now(), dueMs)) act();
    }),
  }));
}

/** `slaTimeout` with one deadline at a time: it watches for silence only, and drops nothing. */
const silenceOnly: SharedSubject = {
  ...withOptions(sound('slaTimeout'), { policy: 0b1111_0010 }),
  isDropped: () => false,
};

const clockFaultSabotages: readonly Sabotage[] = [
  {
    property: 'G16',
    that: 'forgets what is late',
    says: /logs differ/,
    subject: () => forgetting((nowMs, dueMs) => nowMs > dueMs),
  },
  {
    property: 'G16',
    that: 'forgets what is due when the clock is set back',
    says: /logs differ/,
    subject: () => forgetting((nowMs, dueMs) => nowMs < dueMs),
  },
  {
    property: 'G16',
    that: 'tells twice that the clock was set back',
    says: /^twice/,
    subject: () =>
      before(sound('slaTimeout'), ({ report, work }) => {
        let lastMs = -Infinity;
        return tap(() => {
          const isBack = work.now() < lastMs;
          lastMs = work.now();
          if (isBack) for (const kind of ['set-back', 'set-back']) report({ kind });
        });
      }),
  },
  {
    property: 'G16',
    that: 'waits far longer when the clock is set back',
    says: /ms later by/,
    subject: () =>
      withTools(silenceOnly, ({ work, scheduler = work }) => ({
        scheduler: runningTimers(scheduler, (act, dueMs, again) => {
          if (scheduler.now() >= dueMs) act();
          else again(2_000);
        }),
      })),
  },
];

const costSabotages: readonly Sabotage[] = [
  {
    property: 'G18',
    that: 'asks for the key of every earlier message again',
    says: /steps for \d+ messages/,
    subject: () =>
      before(sound('dedupeWithin count'), ({ callback }) => {
        const seen: unknown[] = [];
        const keyBy = callback('keyBy', ignore);
        return tap((message) => {
          seen.push(message);
          for (let left = seen.length; left > 0; left -= 1) keyBy();
        });
      }),
  },
  {
    property: 'G18',
    that: 'counts through a gap',
    says: /steps for \d+ messages/,
    subject: () =>
      before(sound('sequenceGaps'), ({ work, scheduler = work }) => {
        let last = 0;
        return tap((message) => {
          // Spoilt ones may be bigints.
          const seq: SequenceNumber = message.seq;
          for (; last < seq && last < 2 ** 16; last += 1) scheduler.now();
        });
      }),
  },
];

/** G10 to G12, G16 and G18: time, numbers and cost. */
export const clockSabotages: readonly Sabotage[] = [
  ...[...isolationSabotages, ...timeShiftSabotages, ...labelShiftSabotages],
  ...[...clockFaultSabotages, ...costSabotages],
];
