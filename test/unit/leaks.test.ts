/** Nothing stays behind: not what was held when the consumer left, and nothing per subscription either. */
import { Subject } from 'rxjs';
import { VirtualClock } from 'rxjs-reliable/testing';
import { describe, expect, it } from 'vitest';
import { isCollected } from '../support/garbage.js';
import { cycle, holdingOperators, type Message, messageAt } from '../support/holdingOperators.js';

/** Keeps no hold on the message, unlike a variable of the test itself. */
function send(source: Subject<Message>, index: number): WeakRef<Message> {
  const message = messageAt(index);
  source.next(message);
  return new WeakRef(message);
}

describe.each(Object.entries(holdingOperators))('%s', (_, make) => {
  it('H60: lets go of 1,000 messages when it is unsubscribed', async () => {
    const clock = new VirtualClock();
    const source = new Subject<Message>();
    const operator = make(clock);
    const subscription = source.pipe(operator).subscribe();
    const references = Array.from({ length: 1_000 }, (_, index) => send(source, index));
    subscription.unsubscribe();
    let kept = 0;
    for (const reference of references) if (!(await isCollected(reference))) kept += 1;
    expect([kept, clock.pending, source.observed]).toEqual([0, 0, false]);
    expect(operator).toBeTypeOf('function');
  });

  it(
    'H59: leaves nothing behind after each of 10,000 subscriptions',
    { retry: 2, timeout: 30_000 },
    () => {
      const clock = new VirtualClock();
      const source = new Subject<Message>();
      const operator = make(clock);
      const heap = (): number => {
        globalThis.gc?.();
        globalThis.gc?.();
        return process.memoryUsage().heapUsed;
      };
      cycle(source, operator, 2_000);
      const before = heap();
      cycle(source, operator, 10_000);
      // Compiled code comes and goes by 100 kB or so; the smallest object that stayed of each would add up to more.
      expect((heap() - before) / 10_000).toBeLessThan(24);
      expect([clock.pending, source.observed]).toEqual([0, false]);
    },
  );
});
