import { expect } from 'vitest';
import { Objective } from '../../src/core/Objective.js';
import type { SlaBreachEvent, SlaTimeoutEvent } from '../../src/core/SlaEvent.js';
import { SlaMonitor, type SlaSettings } from '../../src/core/SlaMonitor.js';
import { Sink } from './Sink.js';

export type Event = SlaTimeoutEvent<number, number>;

export const plain: SlaSettings<number, number> = {
  firstMs: Infinity,
  silenceMs: Infinity,
  totalMs: Infinity,
  responseMs: Infinity,
  eventTimeOf: () => NaN,
  transaction: undefined,
  softOf: () => Infinity,
  keyBy: undefined,
  maxKeys: 10,
  dropsSlow: false,
};

/** A monitor that is fed by hand. */
export class Bench {
  readonly sink = new Sink<number, Event>();
  readonly breaches: SlaBreachEvent<number, number>[] = [];
  readonly monitor: SlaMonitor<number, number>;

  constructor(settings: Partial<SlaSettings<number, number>>, objective?: number) {
    const { report } = this.sink;
    const onBreach = (breach: SlaBreachEvent<number, number>): void => {
      this.breaches.push(breach);
    };
    this.monitor = new SlaMonitor(
      { ...plain, ...settings },
      this.sink,
      report,
      onBreach,
      objective === undefined ? undefined : new Objective(objective, 600, report),
    );
    this.monitor.start(0);
  }

  push(nowMs: number, ...messages: number[]): this {
    this.monitor.settle(nowMs);
    for (const message of messages) {
      const { deadlineMs } = this.monitor;
      if (this.monitor.push(message, () => nowMs)) expect(this.monitor.deadlineMs).toBe(deadlineMs);
    }
    return this;
  }

  get kinds(): string[] {
    return this.sink.events.map((event) =>
      'limit' in event ? `${event.kind} ${event.limit}` : event.kind,
    );
  }
}

export const transaction = {
  startOf: (n: number) => (n > 0 ? n : undefined),
  finishOf: (n: number) => (n < 0 ? -n : undefined),
  withinMs: 50,
};
