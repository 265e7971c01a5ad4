import { grouped, seconds } from './format.js';
import { RateMeter } from './rateMeter.js';
import type { Progress } from './run.js';
import type { View } from './view.js';

/** A line now and then, for files, pipes and simple terminals. */
export class PlainLines implements View {
  readonly intervalMs = 1_000;
  readonly #delivered = new RateMeter();

  constructor(private readonly write: (text: string) => void) {}

  show({ elapsedMs, sender, relay, receiver }: Progress): void {
    const perSecond = this.#delivered.perSecond(receiver.delivered, elapsedMs);
    const facts = [
      `sent ${grouped(sender.sent)}`,
      `delivered ${grouped(receiver.delivered)} (${grouped(perSecond)}/s)`,
      `dropped by relay ${grouped(relay.dropped)}`,
      `missing ${grouped(receiver.missing)}`,
      `requests ${grouped(receiver.requestsInFlight)}`,
      `held ${grouped(receiver.held)}`,
      `in shards ${receiver.pending.join('+')}`,
      `duplicates ${grouped(receiver.duplicates)}`,
      `late ${grouped(receiver.late)}`,
      `lost ${grouped(receiver.lost)}`,
      `breaches ${grouped(receiver.breaches)}`,
      `warnings ${grouped(receiver.warnings)}`,
    ];
    this.write(`${seconds(elapsedMs).padStart(7)}  ${facts.join('  ')}\n`);
  }

  close(): void {
    // Nothing to put back.
  }
}
