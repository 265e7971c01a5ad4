import type { BackChannel } from './backChannel.js';
import type { Ledger } from './ledger.js';
import type { ReceiverReport, ReceiverStatus } from './processes.js';
import type { Tally } from './tally.js';

/** How far the receiver is. */
export function receiverStatus(tally: Tally, ledger: Ledger, sender: BackChannel): ReceiverStatus {
  const { duplicates, late, refused, fromFeed, fromAnswers } = tally;
  return {
    received: fromFeed,
    answered: fromAnswers,
    delivered: ledger.delivered,
    missing: tally.missing,
    requestsInFlight: sender.inFlight(),
    // What went in and neither came out nor was dropped is still inside.
    held: fromFeed + fromAnswers - tally.dropped - ledger.delivered,
    duplicates,
    late,
    refused,
    lost: tally.lost,
    breaches: ledger.breaches,
  };
}

export function receiverReport(tally: Tally, ledger: Ledger, sender: BackChannel): ReceiverReport {
  const delivery = ledger.numbers;
  return {
    ...receiverStatus(tally, ledger, sender),
    delivery,
    checksums: ledger.checksums,
    losses: tally.losses,
    overtaken: tally.came('overtaken', delivery),
    filledLate: tally.came('late', delivery),
    filledByRequest: tally.came('request', delivery),
    requests: tally.requests,
    latencyMs: ledger.latencyMs,
  };
}
