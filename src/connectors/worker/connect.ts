import type { FromWorker, ToWorker } from './messages.js';
import { WorkerError } from './WorkerError.js';
import type { NodeWorkerLike, WorkerLike, WorkerPort } from './WorkerLike.js';

/** The worker as its maker sees it. */
export interface WorkerLink {
  post(message: ToWorker, transfer: readonly object[]): void;
  terminate(): void;
}

/** What is heard of a worker. */
export interface WorkerListener {
  message(message: FromWorker): void;
  /** The worker is gone, or cannot be understood. */
  crash(error: WorkerError): void;
}

/** Listens to a worker, of whatever kind. */
export function connect(worker: WorkerLike, listener: WorkerListener): WorkerLink {
  if (isNodeWorker(worker)) listenOnNode(worker, listener);
  else {
    worker.addEventListener('message', (event: { readonly data: FromWorker }) => {
      listener.message(event.data);
    });
    worker.addEventListener('messageerror', () => {
      listener.crash(unreadable());
    });
    worker.addEventListener('error', (event: ErrorEventLike) => {
      event.preventDefault?.();
      listener.crash(new WorkerError(textOf(event), event.error, undefined));
    });
  }
  return {
    post: (message, transfer) => {
      worker.postMessage(message, transfer as never[]);
    },
    terminate: () => {
      void worker.terminate();
    },
  };
}

/** Listens at the worker's end; returns how to send. */
export function connectPort(
  port: WorkerPort,
  onMessage: (message: ToWorker) => void,
  onUnreadable: () => void,
): (message: FromWorker, transfer: readonly object[]) => void {
  if (port.on !== undefined) {
    port.on('message', onMessage);
    port.on('messageerror', onUnreadable);
  } else {
    port.addEventListener?.('message', (event: { readonly data: ToWorker }) => {
      onMessage(event.data);
    });
    port.addEventListener?.('messageerror', onUnreadable);
  }
  return (message, transfer) => {
    port.postMessage(message, transfer as never[]);
  };
}

interface ErrorEventLike {
  readonly message?: string;
  readonly filename?: string;
  readonly lineno?: number;
  readonly error?: unknown;
  preventDefault?(): void;
}

function isNodeWorker(worker: WorkerLike): worker is NodeWorkerLike {
  return 'on' in worker;
}

function listenOnNode(worker: NodeWorkerLike, listener: WorkerListener): void {
  let thrown: { readonly error: unknown } | undefined;
  worker.on('message', (message: FromWorker) => {
    listener.message(message);
  });
  worker.on('messageerror', () => {
    listener.crash(unreadable());
  });
  // What it sent before is still on its way; it has arrived when the worker has exited.
  worker.on('error', (error: unknown) => {
    thrown = { error };
  });
  worker.on('exit', (code: number) => {
    const reason = thrown === undefined ? `the worker exited with code ${String(code)}` : undefined;
    listener.crash(
      new WorkerError(
        reason ?? `the worker crashed: ${String(thrown?.error)}`,
        thrown?.error,
        code,
      ),
    );
  });
}

function unreadable(): WorkerError {
  return new WorkerError('a message of the worker could not be read', undefined, undefined);
}

function textOf({ message, filename, lineno }: ErrorEventLike): string {
  if (message === undefined) return 'the worker could not be started';
  return `the worker crashed: ${message} (${filename ?? ''}:${String(lineno ?? 0)})`;
}
