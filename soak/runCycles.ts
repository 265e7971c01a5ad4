import { Subject } from 'rxjs';
import { VirtualClock } from 'rxjs-reliable/testing';
import { cycle, type Make, type Message } from '../test/support/holdingOperators.js';
import { heapBytes } from './heapBytes.js';

/** Compiled code comes and goes by some 10 kB: an operator that leaks does so every time. */
const tries = 3;

/** How many bytes one subscription leaves behind: the least of three stretches of `count` of them. */
export function runCycles(make: Make, count: number): number {
  const clock = new VirtualClock();
  const source = new Subject<Message>();
  const operator = make(clock);
  cycle(source, operator, Math.ceil(count / 5));
  let least = Infinity;
  for (let each = 0; each < tries && least > 1; each += 1) {
    const before = heapBytes();
    cycle(source, operator, count);
    least = Math.min(least, (heapBytes() - before) / count);
  }
  return clock.pending > 0 || source.observed ? Infinity : least;
}
