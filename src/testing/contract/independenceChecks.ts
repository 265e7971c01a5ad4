import { Observable, repeat, retry } from 'rxjs';
import type { Bench, Check } from './Bench.js';
import { ensure } from './ensure.js';

/** Every subscription is on its own, and depends on nothing but what it is given. */
export const independenceChecks: readonly Check[] = [
  { title: 'is referentially transparent: one operator serves two sources', run: servesTwoSources },
  { title: 'shares no state between subscriptions', run: sharesNothing },
  { title: 'starts afresh when resubscribed by retry', run: retries },
  { title: 'starts afresh when resubscribed by repeat', run: repeats },
  { title: 'passes messages on by reference and leaves them as they are', run: keepsMessages },
];

function servesTwoSources<T, R>(first: Bench<T, R>): void {
  const messages = first.disorderly;
  const alone = first.another().start().play(messages);
  const operator = first.makeOperator();
  // Both on the clock the operator was made with.
  const second = first.another();
  second.consumer.watch(operator(second.source.stream));
  first.start(operator);
  for (const message of messages) {
    first.source.next(message);
    second.source.next(message);
    first.clock.advanceBy(7);
  }
  second.source.complete();
  first.finish();
  first.ensureSame(first.consumer.log, alone.consumer.log, true);
  first.ensureSame(second.consumer.log, alone.consumer.log, false);
  first.ensureReleased();
}

function sharesNothing<T, R>(bench: Bench<T, R>): void {
  const messages = bench.disorderly;
  const alone = bench.another().start().play(messages);
  const operator = bench.makeOperator();
  const stream = operator(bench.source.stream);
  const early = bench.another();
  early.consumer.watch(stream);
  // The first subscription has seen something when the second one begins.
  bench.feed(messages.slice(0, 3));
  early.consumer.leave();
  bench.clock.flush();
  const startMs = bench.clock.now();
  bench.startOn(stream).play(messages);
  const log = bench.consumer.log.map((entry) => ({ ...entry, atMs: entry.atMs - startMs }));
  bench.ensureSame(log, alone.consumer.log, true);
  bench.ensureNoTimer();
}

function retries<T, R>(bench: Bench<T, R>): void {
  const messages = bench.disorderly;
  const error = new Error('the first time');
  const failed = bench.another().start().feed(messages);
  failed.source.error(error);
  const completed = bench.another().start().feed(messages).finish();
  let attempts = 0;
  const source = new Observable<T>((subscriber) => {
    attempts += 1;
    for (const message of messages) subscriber.next(message);
    if (attempts === 1) subscriber.error(error);
    else subscriber.complete();
  });
  bench
    .startOn(
      bench
        .makeOperator()(source)
        .pipe(retry({ count: 1 })),
    )
    .clock.flush();
  const expected = [...failed.consumer.log.slice(0, -1), ...completed.consumer.log];
  bench.ensureSame(bench.consumer.log, expected, false);
  ensure(attempts === 2, `the source was subscribed ${String(attempts)} times instead of twice`);
  bench.ensureNoTimer();
}

function repeats<T, R>(bench: Bench<T, R>): void {
  const messages = bench.disorderly;
  const once = bench.another().start().feed(messages).finish();
  const source = new Observable<T>((subscriber) => {
    for (const message of messages) subscriber.next(message);
    subscriber.complete();
  });
  bench
    .startOn(
      bench
        .makeOperator()(source)
        .pipe(repeat({ count: 2 })),
    )
    .clock.flush();
  const expected = [...once.consumer.log.slice(0, -1), ...once.consumer.log];
  bench.ensureSame(bench.consumer.log, expected, false);
  bench.ensureNoTimer();
}

function keepsMessages<T, R>(bench: Bench<T, R>): void {
  const messages = bench.disorderly.map(freeze);
  bench.start().play(messages);
  bench.consumer.ensureEnd('complete');
  if (bench.settings.transforms) return;
  const known = new Set<unknown>(messages);
  const foreign = bench.consumer.values.filter((value) => !known.has(value));
  ensure(foreign.length === 0, `${String(foreign.length)} values came out that did not come in`);
}

/** Freezes what a message is made of. */
function freeze<V>(value: V): V {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  // Neither can be frozen: bytes, and what is not plain data.
  if (ArrayBuffer.isView(value)) return value;
  Object.freeze(value);
  for (const part of Object.values(value)) freeze(part);
  return value;
}
