import type { ReorderByEvent } from '../../src/core/ReorderEvent.js';
import { SortingMachine, type SortingSettings } from '../../src/core/SortingMachine.js';
import type { SequenceNumber } from '../../src/types.js';
import { Sink } from './Sink.js';
import { Feed } from './machines.js';

export class Rig<T> extends Feed<T> {
  constructor(
    settings: SortingSettings<T>,
    readonly sink = new Sink<T, ReorderByEvent<T, string>>(),
    isReporting = true,
  ) {
    super(new SortingMachine(settings, 'k', sink, isReporting ? sink.report : undefined));
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
  maxSkewMs: Infinity,
} as const;

export type Options = Partial<SortingSettings<SequenceNumber>>;

export const sparse = (options: Options = {}, limit?: number): Rig<SequenceNumber> =>
  new Rig(
    { ...holding, by: 'sparse', boundMs: Infinity, orderOf: (order) => order, ...options },
    new Sink(limit),
  );

/** An event: its time, and a letter to tell it from others of that time. */
export type Dated = readonly [atMs: number, letter?: string];

export const timed = (options: Partial<SortingSettings<Dated>> = {}, limit?: number): Rig<Dated> =>
  new Rig<Dated>(
    { ...holding, by: 'time', boundMs: 10, orderOf: ([atMs]) => atMs, ...options },
    new Sink(limit),
  );

export const feed = (rig: Rig<Dated>, ...times: readonly number[]): Rig<Dated> => {
  rig.push(...times.map((atMs): Dated => [atMs]));
  return rig;
};

export const times = (rig: Rig<Dated>): number[] => rig.sink.messages.map(([atMs]) => atMs);
