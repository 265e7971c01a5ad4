/** How the processes of the demo talk to their parent, over Node's channel between parent and child. */
import type { SlaLimit } from 'rxjs-reliable';

export type FromChild<Status, Report> =
  | { readonly kind: 'ready'; readonly port: number }
  | { readonly kind: 'status'; readonly status: Status }
  | { readonly kind: 'report'; readonly report: Report };

export type ToChild = { readonly kind: 'go'; readonly port: number } | { readonly kind: 'finish' };

export interface SenderStatus {
  readonly sent: number;
  readonly heartbeats: number;
  readonly requests: number;
  readonly replayed: number;
}

export interface SenderReport extends SenderStatus {
  /** Of each message, in the order of their numbers. */
  readonly checksums: Uint32Array;
}

export interface RelayStatus {
  readonly received: number;
  readonly dropped: number;
  /** Of the dropped ones, those that were not heartbeats. */
  readonly droppedMessages: number;
  readonly repeated: number;
  readonly delayed: number;
  readonly forwarded: number;
}

export type RelayReport = RelayStatus;

export interface ReceiverStatus {
  /** Messages that came over UDP, repeats included. */
  readonly received: number;
  /** Messages that came as answers to re-requests. */
  readonly answered: number;
  readonly delivered: number;
  /** Numbers known to be missing now. */
  readonly missing: number;
  readonly requestsInFlight: number;
  /** Messages the pipeline holds now: what went in and neither came out nor was reported as dropped. */
  readonly held: number;
  readonly duplicates: number;
  readonly late: number;
  /** Dropped for any other reason. */
  readonly refused: number;
  /** Dropped by the sharded stage: its shards were full, or the work on a message failed. */
  readonly droppedByShards: number;
  readonly lost: number;
  readonly breaches: number;
  readonly warnings: number;
  readonly recovered: number;
  readonly objectivesMissed: number;
  /** How many messages each shard has to work on now. */
  readonly pending: readonly number[];
  /** Results that wait now for those of earlier messages. */
  readonly resultsHeld: number;
}

export interface ReceiverReport extends ReceiverStatus {
  /** The number of each message delivered, in order of delivery. */
  readonly delivery: Uint32Array;
  /** The checksum of each message delivered, in the same order. */
  readonly checksums: Uint32Array;
  /** Every loss the pipeline reported. */
  readonly losses: readonly NumberRange[];
  readonly overtaken: number;
  readonly filledLate: number;
  readonly filledByRequest: number;
  readonly requests: number;
  readonly latencyMs: { readonly median: number; readonly greatest: number };
  readonly sla: SlaReport;
  readonly stage: StageReport;
}

export interface SlaReport {
  readonly limits: readonly LimitReport[];
  /** Share of messages that were not over the limit of response. */
  readonly inTime: number;
  /** Whether the objective was met in the end. */
  readonly isObjectiveMet: boolean;
}

export interface LimitReport {
  readonly limit: SlaLimit;
  readonly breaches: number;
  readonly worstMs: number;
}

export interface StageReport {
  readonly shards: readonly ShardReport[];
  readonly mostResultsHeld: number;
  readonly restarts: number;
  readonly deadLetters: number;
}

export interface ShardReport {
  readonly messages: number;
  readonly mostPending: number;
}

/** Both ends included. */
export interface NumberRange {
  readonly first: number;
  readonly last: number;
}
