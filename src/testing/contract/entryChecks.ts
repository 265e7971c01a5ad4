import type { Bench, Check } from './Bench.js';
import { withoutAmbient } from './Ambient.js';
import { ensure } from './ensure.js';

/** Messages that arrive while another is handled, and the world outside the operator. */
export const entryChecks: readonly Check[] = [
  { title: 'keeps the order of messages pushed from inside next', run: keepsReentrantOrder },
  { title: 'does not overflow the stack when pushed from inside next', run: keepsTheStack },
  { title: 'lives by the scheduler it is given alone', run: needsNoAmbient },
];

function keepsReentrantOrder<T, R>(bench: Bench<T, R>): void {
  const before = [0, 2, 3, 1].map((index) => bench.message(index));
  const inside = [5, 4].map((index) => bench.message(index));
  const inTurn = bench.another().start().feed(before).feed(inside).finish();
  const { consumer, source } = bench.start().feed(before.slice(0, -1));
  let left = inside;
  const push = (): void => {
    const messages = left;
    left = [];
    for (const message of messages) source.next(message);
  };
  consumer.onNext = push;
  bench.feed(before.slice(-1));
  push();
  bench.finish();
  consumer.ensureEnd('complete');
  bench.ensureSame(consumer.log, inTurn.consumer.log, true);
}

function keepsTheStack<T, R>(bench: Bench<T, R>): void {
  const { reentrantDepth } = bench.settings;
  const messages = Array.from({ length: reentrantDepth }, (_, index) => bench.message(index));
  const inTurn = bench.another().start().feed(messages).finish();
  const { consumer, source } = bench.start();
  let pushed = 0;
  const push = (): void => {
    if (pushed < reentrantDepth) source.next(messages[pushed++] as T);
  };
  consumer.onNext = push;
  // A message that does not come out at once ends the chain; the next one begins another.
  while (pushed < reentrantDepth && consumer.end === undefined) push();
  consumer.ensureSound();
  bench.finish();
  consumer.ensureEnd('complete');
  ensure(pushed === reentrantDepth, 'the stream ended early');
  bench.ensureSame(consumer.log, inTurn.consumer.log, true);
}

function needsNoAmbient<T, R>(bench: Bench<T, R>): void {
  const messages = bench.disorderly;
  withoutAmbient(() => {
    bench.start().play(messages);
  });
  bench.consumer.ensureEnd('complete');
  bench.ensureReleased();
}
