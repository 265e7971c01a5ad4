import { mergeMap, Observable, of, take } from 'rxjs';
import type { Bench, Check } from './Bench.js';
import { ensure } from './ensure.js';

/** However it ends, nothing is left, and nothing comes afterwards. */
export const teardownChecks: readonly Check[] = [
  { title: 'lets go of everything when it completes', run: releasesOnComplete },
  { title: 'lets go of everything when its source fails', run: releasesOnError },
  { title: 'lets go of everything when unsubscribed, at any point', run: releasesOnUnsubscribe },
  { title: 'lets go of everything at take(1)', run: releasesOnTake },
  { title: 'stops listening to a synchronous source when unsubscribed', run: stopsFirehose },
  { title: 'stops at once when unsubscribed inside next', run: stopsInsideNext },
  { title: 'does not break unsubscription chains', run: keepsChains },
];

function releasesOnComplete<T, R>(bench: Bench<T, R>): void {
  bench.start().play(bench.disorderly);
  bench.consumer.ensureEnd('complete');
  bench.ensureReleased();
}

function releasesOnError<T, R>(bench: Bench<T, R>): void {
  const error = new Error('from the source');
  bench.start().feed(bench.disorderly).source.error(error);
  bench.consumer.ensureEnd('error', error);
  bench.ensureReleased();
  bench.clock.flush();
  bench.consumer.ensureSound();
}

function releasesOnUnsubscribe<T, R>(first: Bench<T, R>): void {
  const messages = first.disorderly;
  for (let count = 0; count <= messages.length; count += 1) {
    const bench = first.another().start().feed(messages.slice(0, count));
    bench.consumer.leave();
    bench.ensureReleased();
    const { length } = bench.consumer.log;
    bench.feed(messages).clock.flush();
    ensure(bench.consumer.log.length === length, 'notifications came after unsubscribing');
  }
}

function releasesOnTake<T, R>(bench: Bench<T, R>): void {
  const { source, consumer } = bench;
  bench.startOn(bench.makeOperator()(source.stream).pipe(take(1)));
  bench.feed(bench.disorderly);
  if (consumer.end === undefined) bench.finish();
  consumer.ensureEnd('complete');
  bench.ensureReleased();
}

function stopsFirehose<T, R>(bench: Bench<T, R>): void {
  const { consumer } = bench;
  let produced = 0;
  const source = new Observable<T>((subscriber) => {
    while (!subscriber.closed && produced < 1_000) subscriber.next(bench.message(produced++));
  });
  let producedAtEnd = Infinity;
  consumer.onNext = () => {
    if (consumer.values.length === 3) producedAtEnd = produced;
  };
  bench.startOn(bench.makeOperator()(source).pipe(take(3)));
  consumer.ensureSound();
  // An operator that emits later than in the same call has no way to stop such a source.
  if (consumer.values.length === 3) {
    ensure(
      produced === producedAtEnd,
      `a synchronous source went on for ${String(produced - producedAtEnd)} messages after take(3) was done`,
    );
    bench.ensureNoTimer();
  } else {
    consumer.leave();
  }
}

function stopsInsideNext<T, R>(first: Bench<T, R>): void {
  const messages = first.disorderly;
  const most = first.another().start().play(messages).consumer.values.length;
  for (let count = 1; count <= most; count += 1) {
    const bench = first.another();
    const { consumer } = bench;
    consumer.onNext = () => {
      if (consumer.values.length === count) consumer.leave();
    };
    bench.start().play(messages);
    const { length } = consumer.log;
    ensure(
      length === count,
      `${String(length - count)} notifications came after unsubscribing inside next`,
    );
    bench.ensureReleased();
  }
}

function keepsChains<T, R>(bench: Bench<T, R>): void {
  const { source, consumer } = bench;
  const operator = bench.makeOperator();
  bench.startOn(
    source.stream.pipe(
      mergeMap((message) => of(message)),
      operator,
      mergeMap((result) => of(result)),
    ),
  );
  bench.feed([bench.message(0), bench.message(2)]);
  consumer.leave();
  bench.ensureReleased();
  const { length } = consumer.log;
  bench.feed([bench.message(1)]).clock.flush();
  ensure(consumer.log.length === length, 'notifications came after unsubscribing');
}
