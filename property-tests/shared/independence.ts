import { Observable } from 'rxjs';
import { arrivalsOf } from 'rxjs-reliable/testing';
import { expectSameLog } from '../support/describeLog.js';
import { expectThat } from '../support/reorderChecks.js';
import type { TimedEntry } from '../support/runTimed.js';
import { playShared } from '../support/shared/playShared.js';
import { Probe } from '../support/shared/Probe.js';
import type { SharedOptions } from '../support/shared/sharedCase.js';
import type { SharedSubject } from '../support/shared/SharedSubject.js';
import { WatchedClock } from '../support/WatchedClock.js';
import type { SharedProperty } from './SharedProperty.js';

/** Nothing happens before it is subscribed, and no subscription knows of another. */
export const independence: SharedProperty = {
  id: 'G2',
  title: 'does nothing before it is subscribed, and shares nothing between subscriptions',
  streams: 150,
  corners: () => ['subscribed again', 'subscribed again after an error', 'twins'],
  holds(subject, [records, drawn, options, { flag }], met) {
    expectLazy(subject, options);
    const arrivals = arrivalsOf(records);
    const control = { ...drawn, resubscribe: true };
    const alone = playShared(subject, options, { arrivals, control });
    if (flag) {
      const { again, ending } = alone.run;
      if (again === undefined) throw new Error('it was not subscribed again');
      met(ending === 'error' ? 'subscribed again after an error' : 'subscribed again');
      expectSameLog(alone.linesOf(again), alone.lines);
      return;
    }
    met('twins');
    const told: TimedEntry[] = [];
    const once = { arrivals, control: { ...drawn, resubscribe: false } };
    const twins = playShared(subject, options, once, {
      adapt: (operator) => (source) => withTwin(operator(source), (entry) => told.push(entry)),
    });
    const { log } = alone.run;
    const isNotice = ({ kind }: TimedEntry): boolean => kind === 'event';
    const both = twins.linesOf({ ...twins.run, log: twins.run.log.filter(isNotice) });
    const single = alone.linesOf({ ...alone.run, log: log.filter(isNotice) });
    expectSameLog(both.sort(), [...single, ...single].sort());
    const rest = (entries: readonly TimedEntry[]): string[] =>
      alone.linesOf({
        ...alone.run,
        log: entries.filter((one) => !isNotice(one)).map((one) => ({ ...one, atMs: 0 })),
      });
    expectSameLog(rest(twins.run.log), rest(log));
    expectSameLog(rest(told), rest(log));
  },
};

/** A stream that is subscribed a second time beside each of its subscriptions. */
function withTwin(
  stream: Observable<unknown>,
  tell: (entry: TimedEntry) => void,
): Observable<unknown> {
  return new Observable((listener) => {
    listener.add(
      stream.subscribe({
        next: (value) => tell({ atMs: 0, kind: 'next', value }),
        error: (error: unknown) => tell({ atMs: 0, kind: 'error', error }),
        complete: () => tell({ atMs: 0, kind: 'complete' }),
      }),
    );
    stream.subscribe(listener);
  });
}

function expectLazy(subject: SharedSubject, options: SharedOptions): void {
  const clock = new WatchedClock(0);
  const told: unknown[] = [];
  let subscriptions = 0;
  const probe = new Probe(clock, clock, (event) => told.push(event));
  const source = new Observable<never>(() => {
    subscriptions += 1;
  });
  void source.pipe(subject.make(options, probe));
  const done = [clock.scheduled, clock.reads, probe.allCalls, probe.mostInners, told.length];
  expectThat(
    subscriptions === 0 && done.every((count) => count === 0),
    `done before it is subscribed: ${[subscriptions, ...done].join(' ')}`,
  );
}
