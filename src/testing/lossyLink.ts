import { asyncScheduler, type MonoTypeOperatorFunction } from 'rxjs';
import { DeadlineTimer } from '../rx/DeadlineTimer.js';
import { operate, type Inlet, type Outlet } from '../rx/operate.js';
import type { TimeOptions } from '../types.js';
import type { LinkEvent, LinkFaults } from './LinkFaults.js';
import { LinkMachine } from './LinkMachine.js';
import { readLinkSettings } from './LinkSettings.js';

/** Options of {@link lossyLink}. */
export interface LossyLinkOptions<T> extends TimeOptions {
  /** Which of all possible courses of events it is, a safe integer; each subscription lives through the same one. Default 1. */
  readonly seed?: number | undefined;
  /** Hears of every message that is lost or repeated. An error it throws ends the stream. */
  readonly onEvent?: ((event: LinkEvent<T>) => void) | undefined;
}

/**
 * A bad network between source and consumer: loses, repeats, delays and so reorders messages, the same way every time.
 *
 * Use it to try a pipeline against trouble, in tests on a {@link VirtualClock} or in a demonstration in real time. To
 * search for the trouble that breaks it, use {@link faultScript}.
 *
 * - **Emits** what is not lost, when it arrives; at one instant in the order of sending. Without delay, in the same call.
 * - **Drops** what is lost, each with a `lost` event that carries it.
 * - **Completes** after the source has, when nothing is in flight any more.
 * - **Errors** at once when the source does; what is in flight is lost.
 * - **On unsubscribe** forgets everything; no timer is left.
 *
 * @param faults - {@link LinkFaults}.
 * @param options - {@link LossyLinkOptions}.
 * @throws `OptionError` at once if a fault or option cannot be used.
 *
 * @example
 * ```ts
 * import { range } from 'rxjs';
 * import { lossyLink } from 'rxjs-reliable/testing';
 *
 * range(1, 6)
 *   .pipe(lossyLink({ loss: { ratio: 0.3, meanBurst: 2 } }, { seed: 7 }))
 *   .subscribe((n) => console.log(n));
 * // => 5
 * // => 6
 * ```
 * @see Gilbert (1960), "Capacity of a burst-noise channel"; WebRTC's simulated_network.h has the same two parameters.
 */
export function lossyLink<T>(
  faults: LinkFaults,
  options: LossyLinkOptions<T> = {},
): MonoTypeOperatorFunction<T> {
  const settings = readLinkSettings(faults, options);
  const { scheduler = asyncScheduler, onEvent } = options;
  return operate<T, T>((outlet) => {
    const report = onEvent && outlet.whileOpen(onEvent);
    const link = new LinkMachine<T>(settings, {
      get closed() {
        return outlet.closed;
      },
      next: (message) => {
        outlet.next(message);
      },
      report: (event) => report?.(event),
    });
    return linkInlet(link, outlet, (wake) => new DeadlineTimer(scheduler, wake));
  });
}

/** Drives a link: unlike other operators it goes on after its source has completed, as long as something is in flight. */
function linkInlet<T>(
  link: LinkMachine<T>,
  outlet: Outlet<T>,
  makeTimer: (wake: () => void) => DeadlineTimer,
): Inlet<T> {
  let isComplete = false;
  const enter = (work: (nowMs: number) => void): void => {
    timer.enter();
    const nowMs = timer.now() - startMs;
    link.settle(nowMs);
    if (!outlet.closed) work(nowMs);
    if (outlet.closed) return;
    if (isComplete && link.deadlineMs === Infinity) outlet.complete();
    else timer.arm(link.deadlineMs + startMs);
  };
  const timer = makeTimer(() => {
    outlet.enter(() => {
      enter(() => undefined);
    });
  });
  const startMs = timer.now();
  outlet.onTeardown(() => {
    timer.cancel();
  });
  outlet.onFailure = () => {
    link.discard();
  };
  return {
    next: (message) => {
      enter((nowMs) => {
        link.send(message, nowMs);
      });
    },
    complete: () => {
      enter(() => {
        link.end();
        isComplete = true;
      });
    },
    error: (error) => {
      outlet.fail(error);
    },
  };
}
