import { EventEmitter } from 'node:events';
import { MessageChannel, type MessagePort } from 'node:worker_threads';
import type { FromWorker, ToWorker } from '../../src/connectors/worker/messages.js';
import {
  exposePipeline,
  type ExposePipelineOptions,
  type WorkerPipeline,
} from '../../src/connectors/worker/exposePipeline.js';
import type { WorkerLike } from '../../src/connectors/worker/WorkerLike.js';

/** One end of a MessageChannel, dressed up as a worker: real structured clones, but the same thread. */
export abstract class WorkerInThread {
  /** What it was sent, as it was before it was cloned. */
  readonly sent: ToWorker[] = [];
  /** What it said. */
  readonly said: FromWorker[] = [];
  terminations = 0;
  /** The worker's own end. */
  readonly inside: MessagePort;
  readonly #outside: MessagePort;

  constructor() {
    const { port1, port2 } = new MessageChannel();
    this.#outside = port1;
    this.inside = port2;
    port1.on('message', (message: FromWorker) => {
      this.said.push(message);
      this.hear(message);
    });
  }

  /** The messages of each post. */
  get batches(): (readonly unknown[])[] {
    return this.sent.flatMap((message) => (message.kind === 'messages' ? [message.values] : []));
  }

  postMessage(message: ToWorker, transfer: object[]): void {
    this.#outside.postMessage(message, transfer as never[]);
    this.sent.push(message);
  }

  terminate(): void {
    this.terminations += 1;
    this.kill();
  }

  /** The worker is gone; nothing more comes of it. */
  protected kill(): void {
    this.#outside.close();
    this.inside.close();
  }

  protected abstract hear(message: unknown): void;
}

/** A worker as those of Node. */
export class NodeWorkerInThread extends WorkerInThread {
  readonly #events = new EventEmitter();

  on(event: string, listener: (value: never) => void): this {
    this.#events.on(event, listener as (value: unknown) => void);
    return this;
  }

  /** Dies of an error nobody caught. */
  crash(error: unknown): void {
    this.#events.emit('error', error);
    this.exit(1);
  }

  exit(code: number): void {
    this.kill();
    this.#events.emit('exit', code);
  }

  /** Sends what cannot be read. */
  garble(): void {
    this.#events.emit('messageerror', new Error('unreadable'));
  }

  protected override hear(message: unknown): void {
    this.#events.emit('message', message);
  }
}

/** A worker as those of browsers. */
export class WebWorkerInThread extends WorkerInThread {
  readonly #events = new EventTarget();
  /** How many error events were told not to be printed. */
  prevented = 0;

  addEventListener(type: string, listener: (event: never) => void): void {
    this.#events.addEventListener(type, listener as (event: Event) => void);
  }

  /** Meets an error nobody caught; a worker that cannot be loaded has none to show. */
  crash(detail: object = {}): void {
    const event = Object.assign(new Event('error', { cancelable: true }), detail);
    this.#events.dispatchEvent(event);
    if (event.defaultPrevented) this.prevented += 1;
  }

  garble(): void {
    this.#events.dispatchEvent(new Event('messageerror'));
  }

  protected override hear(data: unknown): void {
    this.#events.dispatchEvent(Object.assign(new Event('message'), { data }));
  }
}

/** Spawns workers, all with what `equip` makes of them, and keeps them. */
export class Spawner<W extends WorkerInThread> {
  readonly workers: W[] = [];

  constructor(
    private readonly make: () => W,
    private readonly equip: (worker: W, index: number) => void,
  ) {}

  /** To be given to `inWorker`. */
  readonly spawn = (): W & WorkerLike => {
    const worker = this.make();
    this.workers.push(worker);
    this.equip(worker, this.workers.length - 1);
    return worker as W & WorkerLike;
  };

  get last(): W {
    return this.at(-1);
  }

  /** How often each was terminated. */
  get terminations(): number[] {
    return this.workers.map((worker) => worker.terminations);
  }

  at(index: number): W {
    const worker = this.workers.at(index);
    if (worker === undefined) throw new Error(`no worker ${index}`);
    return worker;
  }
}

/** Workers of Node that run a pipeline. */
export function workersWith<T, R>(
  pipeline: WorkerPipeline<T, R>,
  options: ExposePipelineOptions<R, T> = {},
): Spawner<NodeWorkerInThread> {
  return new Spawner(
    () => new NodeWorkerInThread(),
    ({ inside }) => {
      exposePipeline(pipeline, { ...options, port: inside });
    },
  );
}

/** Workers of a browser that run a pipeline. */
export function webWorkersWith<T, R>(pipeline: WorkerPipeline<T, R>): Spawner<WebWorkerInThread> {
  return new Spawner(
    () => new WebWorkerInThread(),
    ({ inside }) => {
      exposePipeline(pipeline, { port: inside });
    },
  );
}

/** Workers that say what a test has them say. */
export function puppets(): Spawner<NodeWorkerInThread> & {
  say: (message: unknown) => void;
} {
  const spawner = new Spawner(
    () => new NodeWorkerInThread(),
    () => undefined,
  );
  return Object.assign(spawner, {
    say: (message: unknown) => {
      spawner.last.inside.postMessage(message);
    },
  });
}

/** Waits until everything that is under way in this thread, posts and timers of 0 ms, has arrived. */
export async function settled(): Promise<void> {
  for (let round = 0; round < 10; round += 1) {
    await new Promise((resolve) => setImmediate(resolve));
    await new Promise((resolve) => setTimeout(resolve, 0));
  }
}
