import { firstValueFrom, map, merge, type Observable, timer } from 'rxjs';
import { Child } from './child.js';
import type {
  ReceiverReport,
  ReceiverStatus,
  RelayReport,
  RelayStatus,
  SenderReport,
  SenderStatus,
} from './processes.js';
import type { Settings } from './settings.js';

/** How far the processes are, each by its own account. */
export interface Progress {
  readonly elapsedMs: number;
  readonly sender: SenderStatus;
  readonly relay: RelayStatus;
  readonly receiver: ReceiverStatus;
}

/** What the processes say in the end, each for itself. */
export interface Outcome {
  readonly elapsedMs: number;
  readonly sender: SenderReport;
  readonly relay: RelayReport;
  readonly receiver: ReceiverReport;
}

/** Starts the three processes, connects them, and collects their reports. */
export class Run {
  readonly #children: { readonly failure$: Observable<never>; kill(): void }[] = [];
  #startedAtMs = NaN;
  #progress = (): Progress | undefined => undefined;

  constructor(private readonly settings: Settings) {}

  /** `undefined` until every process has said how far it is. */
  get progress(): Progress | undefined {
    return this.#progress();
  }

  /** Rejects when a process dies, or when it takes too long. */
  async finish(): Promise<Outcome> {
    const { settings } = this;
    const sender = this.#start<SenderStatus, SenderReport>('sender', settings);
    const senderPort = await this.#next(sender.ready$);
    const receiver = this.#start<ReceiverStatus, ReceiverReport>('receiver', {
      ...settings,
      senderPort,
    });
    const receiverPort = await this.#next(receiver.ready$);
    const relay = this.#start<RelayStatus, RelayReport>('relay', { ...settings, receiverPort });
    const port = await this.#next(relay.ready$);
    this.#startedAtMs = performance.now();
    this.#progress = () => this.#read(sender.status, relay.status, receiver.status);
    sender.tell({ kind: 'go', port });

    const received = await this.#next(receiver.report$);
    const elapsedMs = performance.now() - this.#startedAtMs;
    sender.tell({ kind: 'finish' });
    const sent = await this.#next(sender.report$);
    relay.tell({ kind: 'finish' });
    const relayed = await this.#next(relay.report$);
    return { elapsedMs, sender: sent, relay: relayed, receiver: received };
  }

  kill(): void {
    for (const child of this.#children) child.kill();
  }

  #start<Status, Report>(name: string, settings: unknown): Child<Status, Report> {
    const child = new Child<Status, Report>(name, settings);
    this.#children.push(child);
    return child;
  }

  /** The next value, as long as everybody lives. */
  #next<T>(value$: Observable<T>): Promise<T> {
    const { messages, ratePerSecond, jitterMs, roundTripMs } = this.settings;
    const limitMs = 30_000 + (2_000 * messages) / ratePerSecond + 10 * (jitterMs + 2 * roundTripMs);
    const tooLong$ = timer(limitMs).pipe(
      map((): never => {
        throw new Error(`the demo has not finished within ${Math.round(limitMs / 1_000)} s`);
      }),
    );
    return firstValueFrom(merge(value$, tooLong$, ...this.#children.map((one) => one.failure$)));
  }

  #read(
    sender: SenderStatus | undefined,
    relay: RelayStatus | undefined,
    receiver: ReceiverStatus | undefined,
  ): Progress | undefined {
    if (sender === undefined || relay === undefined || receiver === undefined) return undefined;
    return { elapsedMs: performance.now() - this.#startedAtMs, sender, relay, receiver };
  }
}
