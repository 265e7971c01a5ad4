import type { Shard, ShardByEvent } from 'rxjs-reliable';
import type { InWorkerEvent } from 'rxjs-reliable/worker';
import type { Losses } from './losses.js';
import type { Message } from './message.js';
import type { ShardReport, StageReport } from './processes.js';

/** Counts what the shards work on, and what they and their merge say about it. */
export class ShardTally {
  /** Messages dropped, each with an event: they are lost. */
  dropped = 0;
  #restarts = 0;
  #deadLetters = 0;
  #results = 0;
  #left = 0;
  #mostHeld = 0;
  readonly #shards: Shard<Message>[] = [];
  readonly #counts: { messages: number; mostPending: number }[] = [];

  constructor(private readonly losses: Losses) {}

  /** How much each shard has to do now. */
  get pending(): number[] {
    return this.#shards.map((shard) => shard.pending);
  }

  /** Results that wait for those of earlier messages. */
  get resultsHeld(): number {
    return this.#results - this.#left;
  }

  get report(): StageReport {
    return {
      shards: this.#counts.map((count): ShardReport => ({ ...count })),
      mostResultsHeld: this.#mostHeld,
      restarts: this.#restarts,
      deadLetters: this.#deadLetters,
    };
  }

  readonly addShard = (shard: Shard<Message>): void => {
    this.#shards.push(shard);
    this.#counts.push({ messages: 0, mostPending: 0 });
  };

  /** A shard has a result; what it is the result of still counts as pending. */
  countResult({ index, pending }: Shard<Message>): void {
    const count = this.#counts[index];
    if (count === undefined) return;
    count.messages++;
    // Pending work shrinks by results only, so it is at its most when there is one.
    count.mostPending = Math.max(count.mostPending, pending);
    this.#results++;
  }

  /** A result has left the stage. */
  readonly countLeft = (): void => {
    this.#mostHeld = Math.max(this.#mostHeld, this.resultsHeld - 1);
    this.#left++;
  };

  readonly onShard = (event: ShardByEvent<Message>): void => {
    this.#drop(event.message);
  };

  readonly onMerge = (event: InWorkerEvent<Message, Message>): void => {
    if (event.kind === 'shard-restart') this.#restarts++;
    if (event.kind === 'dead-letter') this.#deadLetters++;
    if ('passed' in event && !event.passed) this.#drop(event.message);
    // It had been counted as a result that is held.
    if (event.kind === 'late' && !event.passed) this.#left++;
  };

  #drop({ seq }: Message): void {
    this.dropped++;
    this.losses.report(seq);
  }
}
