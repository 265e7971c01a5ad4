import { identity, type MonoTypeOperatorFunction, Observable, Subject } from 'rxjs';
import { lossyLink, VirtualClock } from 'rxjs-reliable/testing';
import { fractionAt } from './fractionAt.js';
import { growth } from './growth.js';
import { heapBytes } from './heapBytes.js';
import type { Message, Oracle } from './Oracle.js';
import { commonFaults, type SoakCase } from './SoakCase.js';

/** How long, and which of all possible runs. */
export interface SoakOptions {
  readonly messages: number;
  readonly seed: number;
  /** Whether the heap is measured ten times, which costs a collection of all garbage each. Default false. */
  readonly measuresHeap?: boolean | undefined;
  /** What makes an operator fail, to see that its oracle notices. Default: nothing. */
  readonly sabotage?: Sabotage | undefined;
}

/** Spoils what comes out of an operator. */
export interface Sabotage {
  readonly results?: (<R>() => MonoTypeOperatorFunction<R>) | undefined;
  /** Which events are lost, by their place among all. */
  readonly losesEvent?: ((index: number) => boolean) | undefined;
}

/** What came of it. */
export interface SoakResult {
  readonly messages: number;
  /** Virtual time. */
  readonly days: number;
  /** How much the use of the heap has grown from the first tenths of the run to the last. */
  readonly driftBytes: number;
  /** What the oracle counted. */
  readonly summary: string;
  /** The first violation. */
  readonly problem: string | undefined;
}

const dayMs = 86_400_000;

/** Time from one message to the next: 250 ms on average, and a minute once in a thousand. */
function pauseMs(seed: number, seq: number): number {
  const luck = fractionAt(seed, seq);
  return luck < 0.001 ? 60_000 : Math.floor(luck * 501);
}

/** What a link did with all messages; they have to add up. */
class LinkAccount {
  isComplete = false;
  lost = 0;
  copied = 0;
  arrived = 0;

  isBalanced(sent: number): boolean {
    return sent + this.copied === this.lost + this.arrived;
  }
}

/** Sends messages over a bad link through an operator, while its oracle watches. */
export function runSoak<E, R>(soakCase: SoakCase<E, R>, options: SoakOptions): SoakResult {
  const { measuresHeap = false, messages, seed } = options;
  const clock = new VirtualClock();
  const source = new Subject<Message>();
  const account = new LinkAccount();
  let problem: string | undefined;
  const complain = (text: string): void => void (problem ??= text);
  const isWell = (): boolean => problem === undefined;
  const relay = relayOf(options.sabotage);
  const { operator, oracle } = soakCase.make({ clock, complain, relay, seed });
  const link = lossyLink<Message>(
    { ...commonFaults, ...soakCase.faults },
    { seed, scheduler: clock, onEvent: ({ kind }) => (account[kind] += 1) },
  );
  source.pipe(link, watched(oracle, account), operator, spoilerOf<R>(options)).subscribe({
    next: (result) => oracle.emitted(result),
    error: (error: unknown) => complain(`the stream failed: ${String(error)}`),
    complete: () => (account.isComplete = true),
  });

  const heap: number[] = [];
  const measureEach = measuresHeap ? Math.ceil(messages / 10) : Infinity;
  for (let seq = 0; seq < messages && isWell(); seq += 1) {
    clock.advanceBy(pauseMs(seed, seq));
    source.next({ seq, sentMs: clock.now() });
    if ((seq + 1) % measureEach === 0) heap.push(heapBytes());
  }
  source.complete();
  clock.flush();
  let summary = '';
  if (isWell()) {
    if (!account.isComplete || clock.pending > 0) complain('it did not complete, or left a timer');
    if (!account.isBalanced(messages)) complain('the link has not accounted for every message');
    summary = oracle.finish(messages);
  }
  const driftBytes = growth(heap);
  return { messages, days: clock.now() / dayMs, driftBytes, summary, problem };
}

/** Tells the oracle of every message before and after the operator has it. */
function watched<E, R>(
  oracle: Oracle<E, R>,
  account: LinkAccount,
): MonoTypeOperatorFunction<Message> {
  return (source) =>
    new Observable((subscriber) =>
      source.subscribe({
        next: (message) => {
          account.arrived += 1;
          oracle.before(message);
          subscriber.next(message);
          oracle.after(message);
        },
        error: (error: unknown) => subscriber.error(error),
        complete: () => {
          oracle.completing();
          subscriber.complete();
        },
      }),
    );
}

function spoilerOf<R>({ sabotage }: SoakOptions): MonoTypeOperatorFunction<R> {
  return sabotage?.results?.<R>() ?? identity;
}

/** Hands events over, but for those that are to be lost. */
function relayOf(sabotage: Sabotage | undefined): <E>(hear: (event: E) => void) => typeof hear {
  let index = -1;
  return (hear) => {
    if (sabotage?.losesEvent === undefined) return hear;
    return (event) => {
      index += 1;
      if (sabotage.losesEvent?.(index) !== true) hear(event);
    };
  };
}
