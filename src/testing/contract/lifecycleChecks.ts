import { Observable, type Subscriber } from 'rxjs';
import type { Bench, Check } from './Bench.js';
import { ensure } from './ensure.js';

/** From subscription to the end. */
export const lifecycleChecks: readonly Check[] = [
  { title: 'does nothing before it is subscribed', run: isLazy },
  { title: 'handles empty', run: handlesEmpty },
  { title: 'handles never', run: handlesNever },
  { title: 'handles throw, with the same error object', run: handlesThrow },
  { title: 'lets a single value through', run: passesOne },
  {
    title: 'handles a source that emits and completes as it is subscribed',
    run: handlesSynchronous,
  },
  { title: 'ignores what a source does after its end', run: ignoresTheRest },
];

function isLazy<T, R>(bench: Bench<T, R>): void {
  const { source } = bench;
  void bench.makeOperator()(source.stream);
  ensure(source.subscriptions === 0, 'the source was subscribed before anybody subscribed');
  bench.ensureNoTimer();
}

function handlesEmpty<T, R>(bench: Bench<T, R>): void {
  bench.start().finish();
  bench.consumer.ensureEnd('complete');
  bench.ensureReleased();
}

function handlesNever<T, R>(bench: Bench<T, R>): void {
  const { source, consumer, clock } = bench.start();
  ensure(source.subscriptions === 1, 'the source was not subscribed once');
  clock.advanceBy(1_000);
  consumer.ensureSound();
  ensure(consumer.end === undefined, 'the stream ended although its source did not');
  consumer.leave();
  bench.ensureReleased();
}

function handlesThrow<T, R>(bench: Bench<T, R>): void {
  const error = new Error('from the source');
  bench.start().source.error(error);
  bench.consumer.ensureEnd('error', error);
  bench.ensureReleased();
}

function passesOne<T, R>(bench: Bench<T, R>): void {
  const message = bench.message(0);
  bench.start().feed([message]).finish();
  bench.consumer.ensureEnd('complete');
  ensureOnly(bench, [message]);
  bench.ensureReleased();
}

function handlesSynchronous<T, R>(bench: Bench<T, R>): void {
  const message = bench.message(0);
  const source = new Observable<T>((subscriber) => {
    subscriber.next(message);
    subscriber.complete();
  });
  bench.startOn(bench.makeOperator()(source)).clock.flush();
  bench.consumer.ensureEnd('complete');
  ensureOnly(bench, [message]);
  bench.ensureNoTimer();
}

function ignoresTheRest<T, R>(bench: Bench<T, R>): void {
  const [first, second] = [bench.message(0), bench.message(1)];
  const orderly = bench.another().start().feed([first]).finish();
  const source = new Observable<T>((subscriber) => {
    subscriber.next(first);
    subscriber.complete();
    misbehave(subscriber, second);
  });
  bench.startOn(bench.makeOperator()(source)).clock.flush();
  bench.consumer.ensureEnd('complete');
  bench.ensureSame(bench.consumer.log, orderly.consumer.log, true);
}

function misbehave<T>(subscriber: Subscriber<T>, message: T): void {
  subscriber.next(message);
  subscriber.error(new Error('after the end'));
}

function ensureOnly<T, R>({ consumer, settings }: Bench<T, R>, messages: readonly T[]): void {
  const { values } = consumer;
  ensure(values.length > 0, 'the message did not come out');
  if (settings.transforms) return;
  const isOnly = values.every((value) => messages.includes(value as T));
  ensure(isOnly, 'something else than the message came out');
}
