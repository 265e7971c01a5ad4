import type { ReorderByEvent } from '../../src/core/ReorderEvent.js';
import { Resequencer, type ResequencerSettings } from '../../src/core/Resequencer.js';
import type { SequenceNumber } from '../../src/types.js';
import { Sink } from './Sink.js';
import { Feed, type Flat, type Packet, packetSequence, plainSequence } from './machines.js';

type Settings<T> = Flat<ResequencerSettings<T>, T>;
export type Options<T> = Partial<Settings<T>>;

export class Rig<T> extends Feed<T> {
  constructor(
    settings: Settings<T>,
    readonly sink = new Sink<T, ReorderByEvent<T, string>>(),
    isReporting = true,
  ) {
    super(
      new Resequencer(
        { ...settings, sequence: settings },
        'k',
        sink,
        isReporting ? sink.report : undefined,
      ),
    );
  }

  get kinds(): string[] {
    return this.sink.events.map(({ kind }) => kind);
  }
}

export const holding = {
  maxWaitMs: 1_000,
  maxBuffer: 1_024,
  overflowPolicy: 'skip',
  latePolicy: 'drop',
  startWaitMs: 0,
} as const;

export const rig = (options: Options<SequenceNumber> = {}, limit?: number): Rig<SequenceNumber> =>
  new Rig({ ...plainSequence, ...holding, ...options }, new Sink(limit));

export const packets = (options: Options<Packet> = {}): Rig<Packet> =>
  new Rig({ ...packetSequence, ...holding, ...options });

export const skipped = (first: SequenceNumber, last: SequenceNumber, reason: string): object => ({
  kind: 'skipped',
  first,
  last,
  count:
    typeof first === 'bigint' && typeof last === 'bigint'
      ? last - first + 1n
      : Number(last) - Number(first) + 1,
  key: 'k',
  reason,
});
