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
  const onMessage = (message: unknown): void => {
    if (isTagged(message)) listener.message(message as FromWorker);
  };
  if (isNodeWorker(worker)) listenOnNode(worker, onMessage, listener);
  else {
    worker.addEventListener('message', (event: { readonly data: unknown }) => {
      onMessage(event.data);
    });
    worker.addEventListener('messageerror', () => {
      listener.crash(unreadable());
    });
    worker.addEventListener('error', (event: ErrorEventLike) => {
      event.preventDefault?.();
      listener.crash(new WorkerError(textOf(event), event.error, undefined));
    });
    worker.start?.();
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
  const hear = (message: unknown): void => {
    if (isTagged(message)) onMessage(message as ToWorker);
  };
  if (port.on !== undefined) {
    port.on('message', hear);
    port.on('messageerror', onUnreadable);
  } else {
    port.addEventListener?.('message', (event: { readonly data: unknown }) => {
      hear(event.data);
    });
    port.addEventListener?.('messageerror', onUnreadable);
    port.start?.();
  }
  return (message, transfer) => {
    port.postMessage(message, transfer as never[]);
  };
}

/** Whether it may be one of ours: workers are sent other things too. */
function isTagged(message: unknown): boolean {
  return typeof message === 'object' && message !== null && 'kind' in message;
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

function listenOnNode(
  worker: NodeWorkerLike,
  onMessage: (message: unknown) => void,
  listener: WorkerListener,
): void {
  let thrown: { readonly error: unknown } | undefined;
  worker.on('message', onMessage);
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
