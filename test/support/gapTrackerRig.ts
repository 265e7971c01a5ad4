import type { SequenceGapsEvent } from '../../src/core/GapEvent.js';
import type { GapMarker } from '../../src/core/GapMarker.js';
import { GapTracker, type GapTrackerSettings } from '../../src/core/GapTracker.js';
import type { SequenceNumber } from '../../src/types.js';
import { Sink } from './Sink.js';
import { Feed, type Flat, type Packet, packetSequence, plainSequence } from './machines.js';

type Settings<T> = Flat<GapTrackerSettings<T>, T>;
export type Options<T> = Partial<Settings<T>>;
export type Output<T> = T | GapMarker<string>;

export class Rig<T> extends Feed<T> {
  declare readonly machine: GapTracker<T, string>;
  moves = 0;

  constructor(
    settings: Settings<T>,
    readonly sink = new Sink<Output<T>, SequenceGapsEvent<T, string>>(),
    isReporting = true,
  ) {
    super(
      new GapTracker<T, string>(
        {
          settings: { ...settings, sequence: settings },
          emitter: sink,
          report: isReporting ? sink.report : undefined,
          quest: undefined,
        },
        'k',
        () => (this.moves += 1),
      ),
    );
  }

  get kinds(): string[] {
    return this.sink.events.map(({ kind }) => kind);
  }

  /** The open gaps. */
  get open(): [first: number, last: number][] {
    return [...this.machine.open].map(({ first, last }) => [first, last]);
  }

  announce(announced: unknown): this {
    this.machine.announce(announced, this.now);
    return this;
  }
}

export const tracking = {
  toleranceMs: 0,
  maxGaps: 1_024,
  duplicatePolicy: 'pass',
  lostPolicy: 'report',
  markers: undefined,
} as const;

export const rig = (options: Options<SequenceNumber> = {}, limit?: number): Rig<SequenceNumber> =>
  new Rig({ ...plainSequence, ...tracking, ...options }, new Sink(limit));

export const packets = (options: Options<Packet> = {}): Rig<Packet> =>
  new Rig({ ...packetSequence, ...tracking, ...options });

export const gap = (kind: string, first: number, last: number, rest: object = {}): object => ({
  kind,
  first,
  last,
  count: last - first + 1,
  key: 'k',
  ...rest,
});
