import { slaTimeout, type SlaTimeoutEvent } from 'rxjs-reliable';
import { type Message, nameOf, Oracle } from '../Oracle.js';
import type { SoakCase } from '../SoakCase.js';

type Event = SlaTimeoutEvent<Message>;
type LimitEvent = Extract<Event, { readonly limit: string }>;

const withinMs = 6_000;
const softMs = 5_000;
const maxKeys = 500;

/** A transaction that has begun. */
interface Open {
  readonly sinceMs: number;
  readonly message: Message;
  stage: 'running' | 'warned' | 'breached';
}

/** Which transactions are open, the oldest first. */
class SlaTransactionsOracle extends Oracle<Event> {
  readonly #open = new Map<unknown, Open>();
  readonly #counts = { emitted: 0, kept: 0, breached: 0, recovered: 0, abandoned: 0 };
  /** What was said about the message being handled. */
  #said: 'not-started' | 'started-twice' | 'recovered' | undefined;
  #isOver = false;

  override before(message: Message): void {
    super.before(message);
    this.#said = undefined;
  }

  emitted(message: Message): void {
    this.settle(message, 'emitted');
    this.#counts.emitted += 1;
    const finished = finishOf(message);
    const started = startOf(message);
    if (finished !== undefined) this.#finish(finished, message);
    if (started !== undefined) this.#start(started, message);
  }

  heard(event: Event): void {
    if (event.kind === 'invalid') this.#hearInvalid(event);
    else if (!('limit' in event)) this.expect(false, () => `an event '${event.kind}'`);
    else this.#hearLimit(event);
  }

  override completing(): void {
    this.#isOver = true;
  }

  finish(): string {
    const { abandoned, breached, emitted, kept, recovered } = this.#counts;
    for (const [transaction, { stage }] of this.#open)
      this.expect(stage === 'breached', () => `${String(transaction)} was not abandoned`);
    return `${emitted} passed, ${kept} kept, ${breached} breached, ${recovered} recovered, ${abandoned} abandoned`;
  }

  #finish(transaction: number, message: Message): void {
    const open = this.#open.get(transaction);
    if (open === undefined) {
      const isSaid = this.#said === 'not-started' || this.#said === 'recovered';
      this.expect(isSaid, () => `${nameOf(message)} finishes what has not begun`);
      return;
    }
    const isInTime = open.stage === stageAfter(this.nowMs - open.sinceMs);
    this.expect(isInTime && open.stage !== 'breached', () => `${nameOf(message)} is too late`);
    this.#open.delete(transaction);
    this.#counts.kept += 1;
  }

  #start(transaction: number, message: Message): void {
    if (this.#open.has(transaction)) {
      const isSaid = this.#said === 'started-twice';
      this.expect(isSaid, () => `${nameOf(message)} begins what has begun`);
      return;
    }
    this.#open.set(transaction, { sinceMs: this.nowMs, message, stage: 'running' });
    this.expect(this.#open.size <= maxKeys, () => `${this.#open.size} are open`);
  }

  #hearInvalid({ message, reason }: Extract<Event, { readonly kind: 'invalid' }>): void {
    const isRight =
      reason === 'not-started'
        ? !this.#open.has(finishOf(message))
        : reason === 'started-twice' && this.#open.has(startOf(message));
    this.expect(isRight && message === this.current, () => `${nameOf(message)} was ${reason}`);
    if (reason === 'not-started' || reason === 'started-twice') this.#said = reason;
  }

  #hearLimit(event: LimitEvent): void {
    const open = this.#open.get(event.transaction);
    const isRight =
      open?.message === event.message &&
      event.deadlineMs === (open?.sinceMs ?? NaN) + withinMs &&
      open !== undefined &&
      this.#advance(event, open);
    this.expect(isRight, () => `an event '${event.kind}' of ${String(event.transaction)}`);
  }

  #advance(event: LimitEvent, open: Open): boolean {
    const elapsedMs = this.nowMs - open.sinceMs;
    const { stage } = open;
    switch (event.kind) {
      case 'warning':
        open.stage = 'warned';
        return stage === 'running' && elapsedMs === softMs && event.elapsedMs === softMs;
      case 'breach':
        open.stage = 'breached';
        this.#counts.breached += 1;
        return stage === 'warned' && elapsedMs === withinMs && event.elapsedMs === withinMs;
      case 'recovered':
        this.#open.delete(event.transaction);
        this.#counts.recovered += 1;
        this.#said = 'recovered';
        return (
          stage === 'breached' &&
          event.lateByMs === elapsedMs - withinMs &&
          this.current !== undefined &&
          finishOf(this.current) === event.transaction
        );
      case 'abandoned':
        return this.#abandon(event.transaction, event.reason, elapsedMs, open);
    }
  }

  #abandon(transaction: unknown, reason: string, elapsedMs: number, open: Open): boolean {
    const [oldest] = this.#open.keys();
    const isFull = this.#open.size === maxKeys && oldest === transaction;
    this.#open.delete(transaction);
    this.#counts.abandoned += 1;
    const isDue = this.#isOver
      ? reason === 'completed' && open.stage !== 'breached'
      : reason === 'overflow' && isFull;
    return isDue && open.stage === stageAfter(elapsedMs);
  }
}

/** Every other message begins a transaction, which the one 17 numbers on finishes. */
const startOf = ({ seq }: Message): number | undefined => (seq % 2 === 0 ? seq : undefined);
const finishOf = ({ seq }: Message): number | undefined => (seq % 2 === 1 ? seq - 17 : undefined);

function stageAfter(elapsedMs: number): Open['stage'] {
  if (elapsedMs >= withinMs) return 'breached';
  return elapsedMs >= softMs ? 'warned' : 'running';
}

/** Some are finished in time, some too late, and some never: there is room for 500 of them. */
export const slaTransactions: SoakCase<Event> = {
  name: 'slaTimeout:transactions',
  make: (setup) => {
    const oracle = new SlaTransactionsOracle(setup);
    const onEvent = setup.relay<Event>((event) => oracle.heard(event));
    const transaction = { startOf, finishOf, withinMs };
    const options = { maxKeys, softMs, onEvent, scheduler: setup.clock };
    return { oracle, operator: slaTimeout<Message>({ transaction }, options) };
  },
};
