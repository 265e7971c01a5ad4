import { asapScheduler, asyncScheduler, type SchedulerLike } from 'rxjs';
import {
  type CodecOptions,
  exposePipeline,
  type NodeWorkerLike,
  type WorkerPipeline,
  type WorkerPort,
} from 'rxjs-reliable/worker';

type Listener = (value: unknown) => void;

/** One direction between two threads: clones arrive in order, each after a delay of its own. */
class Line {
  readonly #listeners = new Map<string, Listener>();
  #lastMs = -Infinity;
  /** Whoever sends is gone. */
  isCut = false;
  /** Whoever listens is gone. */
  isDeaf = false;

  constructor(
    private readonly clock: SchedulerLike,
    private readonly nextDelayMs: () => number,
  ) {}

  on(event: string, listener: unknown): void {
    this.#listeners.set(event, listener as Listener);
  }

  post(event: string, value: unknown): void {
    const cloned: unknown = structuredClone(value);
    if (this.isCut) return;
    const atMs = Math.max(this.#lastMs, this.clock.now() + this.nextDelayMs());
    this.#lastMs = atMs;
    this.clock.schedule(() => {
      if (!this.isDeaf) this.#listeners.get(event)?.(cloned);
    }, atMs - this.clock.now());
  }
}

/** A worker of Node on virtual time. */
export class VirtualWorker<T, R> implements NodeWorkerLike {
  terminations = 0;
  readonly #inward: Line;
  readonly #outward: Line;

  constructor(
    clock: SchedulerLike,
    nextDelayMs: () => number,
    pipeline: WorkerPipeline<T, R>,
    codecs: CodecOptions<T, R> = {},
  ) {
    const inward = new Line(clock, nextDelayMs);
    const outward = new Line(clock, nextDelayMs);
    this.#inward = inward;
    this.#outward = outward;
    const port: WorkerPort = {
      on: (event, listener) => {
        inward.on(event, listener);
      },
      postMessage: (message) => {
        outward.post('message', message);
      },
    };
    exposePipeline(pipeline, { ...codecs, port });
  }

  /** It runs still. */
  get isAlive(): boolean {
    return !this.#outward.isCut;
  }

  on(event: string, listener: unknown): void {
    this.#outward.on(event, listener);
  }

  postMessage(message: unknown): void {
    this.#inward.post('message', message);
  }

  /** Dies; what it has sent is on its way still. */
  crash(): void {
    this.#outward.post('error', new Error('crash'));
    this.#outward.post('exit', 1);
    this.#stop();
  }

  terminate(): void {
    this.terminations += 1;
    this.#outward.isDeaf = true;
    this.#stop();
  }

  #stop(): void {
    this.#outward.isCut = true;
    this.#inward.isDeaf = true;
  }
}

/** Runs `work` with all timers of RxJS, and the time of day, on a virtual clock. */
export function onVirtualTime<R>(clock: SchedulerLike, work: () => R): R {
  const schedule: SchedulerLike['schedule'] = (task, delayMs, state) =>
    clock.schedule(task as () => void, delayMs, state);
  const replaced: readonly (readonly [owner: object, name: string, value: unknown])[] = [
    [asyncScheduler, 'schedule', schedule],
    [asapScheduler, 'schedule', schedule],
    [Date, 'now', () => clock.now()],
  ];
  const originals = replaced.map(([owner, name]) => Object.getOwnPropertyDescriptor(owner, name));
  for (const [owner, name, value] of replaced) {
    Object.defineProperty(owner, name, { value, configurable: true, writable: true });
  }
  try {
    return work();
  } finally {
    replaced.forEach(([owner, name], index) => {
      const original = originals[index];
      if (original === undefined) Reflect.deleteProperty(owner, name);
      else Object.defineProperty(owner, name, original);
    });
  }
}
