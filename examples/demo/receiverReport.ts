import type { BackChannel } from './backChannel.js';
import type { Ledger } from './ledger.js';
import type { Losses } from './losses.js';
import type { ReceiverReport, ReceiverStatus } from './processes.js';
import type { ShardTally } from './shardTally.js';
import type { SlaTally } from './slaTally.js';
import type { Tally } from './tally.js';

/** Everything the receiver writes down. */
export interface Books {
  readonly tally: Tally;
  readonly sla: SlaTally;
  readonly stage: ShardTally;
  readonly losses: Losses;
  readonly ledger: Ledger;
}

/** How many messages the pipeline holds: what went in and neither came out nor was dropped is still inside. */
export const held = ({ tally, stage, ledger }: Books): number =>
  tally.fromFeed + tally.fromAnswers - tally.dropped - stage.dropped - ledger.delivered;

/** How far the receiver is. */
export function receiverStatus(books: Books, sender: BackChannel): ReceiverStatus {
  const { tally, sla, stage, losses, ledger } = books;
  const { breaches, warnings, recovered, objectivesMissed } = sla;
  return {
    received: tally.fromFeed,
    answered: tally.fromAnswers,
    delivered: ledger.delivered,
    missing: tally.missing,
    requestsInFlight: sender.inFlight(),
    held: held(books),
    duplicates: tally.duplicates,
    late: tally.late,
    refused: tally.refused,
    droppedByShards: stage.dropped,
    lost: losses.count,
    ...{ breaches, warnings, recovered, objectivesMissed },
    pending: stage.pending,
    resultsHeld: stage.resultsHeld,
  };
}

export function receiverReport(books: Books, sender: BackChannel): ReceiverReport {
  const { tally, sla, stage, losses, ledger } = books;
  const delivery = ledger.numbers;
  return {
    ...receiverStatus(books, sender),
    delivery,
    checksums: ledger.checksums,
    losses: losses.ranges,
    overtaken: tally.came('overtaken', delivery),
    filledLate: tally.came('late', delivery),
    filledByRequest: tally.came('request', delivery),
    requests: tally.requests,
    latencyMs: ledger.latencyMs,
    sla: sla.report,
    stage: stage.report,
  };
}
