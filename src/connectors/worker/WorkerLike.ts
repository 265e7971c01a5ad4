/** What is needed of a Web Worker. */
export interface WebWorkerLike {
  /** Sends a message to the worker. */
  postMessage(message: unknown, transfer: object[]): void;
  /** Listens to `message`, `messageerror` and `error`. */
  addEventListener(type: string, listener: unknown): void;
  /** Ports have it: before, they are deaf. */
  start?(): void;
  /** Stops it at once. */
  terminate(): void;
}

/** What is needed of a Worker of Node's `worker_threads`. */
export interface NodeWorkerLike {
  /** Sends a message to the worker. */
  postMessage(message: unknown, transfer: never[]): void;
  /** Listens to `message`, `messageerror`, `error` and `exit`. */
  on(event: string, listener: unknown): unknown;
  /** Stops it at once. */
  terminate(): unknown;
}

/** A worker: of a browser, or of Node. */
export type WorkerLike = WebWorkerLike | NodeWorkerLike;

/** What is needed of the worker's end: a browser's `self`, Node's `parentPort`, or one of a MessageChannel. */
export interface WorkerPort {
  /** Sends a message to whoever made the worker. */
  postMessage(message: unknown, transfer: never[]): void;
  /** Browsers: listens to `message` and `messageerror`. */
  addEventListener?(type: string, listener: unknown): void;
  /** Ports of browsers have it: before, they are deaf. */
  start?(): void;
  /** Node: listens to `message` and `messageerror`. */
  on?(event: string, listener: unknown): unknown;
}
