import { Subject, type SubjectLike } from 'rxjs';
import type { Outlet } from '../../src/rx/operate.js';
import { type Enter, operateTimed, type Timed } from '../../src/rx/operateTimed.js';
import { ManualScheduler } from './ManualScheduler.js';
import { record } from './record.js';

/** Holds each number that many ms; 0 passes at once. Writes down what it is told. */
export class Delay implements Timed<number> {
  readonly held: { readonly value: number; readonly dueMs: number }[] = [];
  readonly log: string[] = [];

  constructor(
    readonly outlet: Outlet<number>,
    readonly enter: Enter,
  ) {}

  get deadlineMs(): number {
    return this.held.reduce((least, { dueMs }) => Math.min(least, dueMs), Infinity);
  }

  settle(nowMs: number): void {
    this.log.push(`settle ${String(nowMs)}`);
    for (const item of [...this.held]) {
      if (item.dueMs > nowMs || this.outlet.closed) continue;
      this.held.splice(this.held.indexOf(item), 1);
      this.outlet.next(item.value);
    }
  }

  push(value: number, now: () => number): boolean {
    this.log.push(`push ${String(value)}`);
    if (value === 0) this.outlet.next(0);
    else this.held.push({ value, dueMs: now() + value });
    return false;
  }

  end(reason: string): void {
    this.log.push(`end ${reason}`);
    for (const { value } of this.held.splice(0)) this.outlet.next(value);
  }

  discard(): void {
    this.log.push(`discard ${String(this.held.splice(0).length)}`);
  }

  finish(): void {
    this.log.push('finish');
  }
}

export class Rig {
  readonly scheduler = new ManualScheduler(1_000);
  private readonly subject = new Subject<number>();
  readonly log: unknown[];
  readonly delay: Delay;

  constructor(
    onNext?: (value: number, rig: Rig) => void,
    listen?: (delay: Delay, outlet: Outlet<number>, enter: Enter) => void,
  ) {
    let made: Delay | undefined;
    const operator = operateTimed<number, number, Delay>(
      this.scheduler,
      (outlet, enter) => (made = new Delay(outlet, enter)),
      listen,
    );
    this.log = record(this.subject.pipe(operator), (value) => onNext?.(value, this));
    if (made === undefined) throw new Error('not made');
    this.delay = made;
  }

  get source(): SubjectLike<number> & { readonly observed: boolean } {
    return this.subject;
  }
}
