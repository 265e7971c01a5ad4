import type { SequenceGapsEvent } from '../../src/core/GapEvent.js';
import { type GapPort, GapQuest, type GapQuestSettings } from '../../src/core/GapQuest.js';
import type { GapRequest } from '../../src/core/GapRequest.js';
import { GapTracker, type GapTrackerSettings } from '../../src/core/GapTracker.js';
import type { noSuchMessages } from '../../src/core/NoSuchMessages.js';
import type { OpenGap } from '../../src/core/OpenGap.js';
import type { Gap, SequenceNumber } from '../../src/types.js';
import { Sink } from './Sink.js';
import { Feed, type Flat, plainSequence } from './machines.js';

export type Message = SequenceNumber;
export type Tracker = GapTracker<Message, string>;

/** Writes down what the sender is asked for. */
export class Port implements GapPort<Message, string> {
  readonly log: string[] = [];
  readonly requests: { readonly tracker: Tracker; readonly request: GapRequest }[] = [];
  fraction = 0.5;
  /** Answers before `request` returns. */
  onRequest: ((tracker: Tracker, request: GapRequest) => void) | undefined;

  request(tracker: Tracker, request: GapRequest, { first, last, key }: Gap<string>): () => void {
    const name = `${key}${String(first)}-${String(last)}#${String(request.attempt)}`;
    this.log.push(name);
    this.requests.push({ tracker, request });
    this.onRequest?.(tracker, request);
    return () => this.log.push(`cancel ${name}`);
  }

  fallBack(_: Tracker, { first, last, key }: Gap<string>): () => void {
    const name = `${key}${String(first)}-${String(last)}`;
    this.log.push(`fallback ${name}`);
    return () => this.log.push(`cancel fallback ${name}`);
  }

  random(): number {
    return this.fraction;
  }

  /** What was asked for since the last time. */
  drain(): string[] {
    return this.log.splice(0);
  }
}

/** Trackers of several keys that share one quest. */
export class Rig {
  readonly port = new Port();
  readonly sink: Sink<unknown, SequenceGapsEvent<Message, string>>;
  readonly feeds: Record<'a' | 'b', Feed<Message>>;
  private readonly quest: GapQuest<Message, string>;
  private readonly trackers: Record<'a' | 'b', Tracker>;
  private nowMs = 0;

  constructor(
    quest: Partial<GapQuestSettings> = {},
    tracking: Partial<Flat<GapTrackerSettings<Message>, Message>> = {},
    limit = Infinity,
    isReporting = true,
  ) {
    this.sink = new Sink(limit);
    this.quest = new GapQuest(
      {
        maxAttempts: 3,
        timeoutMs: 100,
        delayMs: 0,
        deadlineMs: Infinity,
        maxInFlight: 8,
        maxRange: 1_024,
        hasFallback: true,
        ...quest,
        backoff: { factor: 2, maxMs: 1_000, jitter: 0, ...quest.backoff },
      },
      this.port,
    );
    const make = (key: string): Tracker =>
      new GapTracker<Message, string>(
        {
          settings: {
            sequence: { ...plainSequence, ...tracking },
            toleranceMs: 0,
            maxGaps: 1_024,
            duplicatePolicy: 'pass',
            lostPolicy: 'report',
            markers: undefined,
            ...tracking,
          },
          emitter: this.sink,
          report: isReporting ? this.sink.report : undefined,
          quest: this.quest,
        },
        key,
        () => undefined,
      );
    this.trackers = { a: make('a'), b: make('b') };
    this.feeds = { a: new Feed(this.trackers.a), b: new Feed(this.trackers.b) };
  }

  get deadlineMs(): number {
    return Math.min(this.trackers.a.deadlineMs, this.trackers.b.deadlineMs);
  }

  at(nowMs: number): this {
    this.nowMs = nowMs;
    this.feeds.a.at(nowMs);
    this.feeds.b.at(nowMs);
    return this.serve();
  }

  a(...seqs: Message[]): this {
    this.feeds.a.at(this.nowMs).push(...seqs);
    return this.serve();
  }

  b(...seqs: Message[]): this {
    this.feeds.b.at(this.nowMs).push(...seqs);
    return this.serve();
  }

  /** The sender of a key says that it has sent everything up to `announced`. */
  announce(key: 'a' | 'b', announced: Message): this {
    this.trackers[key].announce(announced, () => this.nowMs);
    return this.serve();
  }

  /** Answers the n-th request made. */
  answer(index: number, ...answers: (Message | ReturnType<typeof noSuchMessages>)[]): this {
    const { tracker, request } = this.requestAt(index);
    for (const answer of answers) tracker.answer(answer, request, () => this.nowMs);
    return this.serve();
  }

  /** Ends the answer to the n-th request made. */
  answered(index: number): this {
    const { tracker, request } = this.requestAt(index);
    tracker.answered(request);
    return this.serve();
  }

  /** Kinds of events, with their range, attempt or reason. */
  events(): string[] {
    return this.sink.drainEvents().map((event) => {
      const range = 'first' in event ? ` ${String(event.first)}-${String(event.last)}` : '';
      const rest = 'reason' in event ? ` ${event.reason}` : 'by' in event ? ` ${event.by}` : '';
      return `${event.kind}${range}${rest}`;
    });
  }

  /** The gaps of a key that are open. */
  open(key: 'a' | 'b'): OpenGap[] {
    return [...this.trackers[key].open];
  }

  /** How far they have come. */
  states(key: 'a' | 'b'): string[] {
    return this.open(key).map(({ state }) => state);
  }

  end(): void {
    this.trackers.a.end('completed');
    this.trackers.b.end('completed');
  }

  requestAt(index: number): { readonly tracker: Tracker; readonly request: GapRequest } {
    const found = this.port.requests[index];
    if (found === undefined) throw new Error(`no request ${String(index)}`);
    return found;
  }

  private serve(): this {
    this.quest.serve(() => this.nowMs);
    return this;
  }
}
