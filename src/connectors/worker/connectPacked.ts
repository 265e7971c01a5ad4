import type { CodecOptions } from './Codec.js';
import { connect, connectPort, type WorkerLink, type WorkerListener } from './connect.js';
import type { FromWorker, ToWorker } from './messages.js';
import { Packing } from './Packing.js';
import { WorkerError } from './WorkerError.js';
import type { WorkerLike, WorkerPort } from './WorkerLike.js';

/** Listens to a worker; messages and results are packed on their way. */
export function connectPacked<T, R>(
  worker: WorkerLike,
  listener: WorkerListener,
  { codec, resultCodec }: CodecOptions<T, R>,
): WorkerLink {
  const messages = new Packing(codec, 'codec');
  const results = new Packing(resultCodec, 'resultCodec');
  const crash = (error: WorkerError): void => {
    listener.crash(error);
  };
  const link = connect(worker, {
    message: unpacking<FromWorker>(
      results,
      (message) => {
        listener.message(message);
      },
      (cause) => {
        crash(new WorkerError(`results could not be read: ${String(cause)}`, cause, undefined));
      },
    ),
    crash,
  });
  return {
    post: (message, transfer) => {
      messages.post(message, transfer, (packed, handed) => {
        link.post(packed, handed);
      });
    },
    terminate: () => {
      link.terminate();
    },
  };
}

/** Listens at the worker's end; messages and results are packed on their way. Returns how to send. */
export function connectPackedPort<T, R>(
  port: WorkerPort,
  onMessage: (message: ToWorker) => void,
  onUnreadable: (cause: unknown) => void,
  { codec, resultCodec }: CodecOptions<T, R>,
): (message: FromWorker, transfer: readonly object[]) => void {
  const messages = new Packing(codec, 'codec');
  const results = new Packing(resultCodec, 'resultCodec');
  const post = connectPort(port, unpacking(messages, onMessage, onUnreadable), () => {
    onUnreadable(undefined);
  });
  return (message, transfer) => {
    results.post(message, transfer, post);
  };
}

function unpacking<M extends ToWorker | FromWorker>(
  packing: Packing<unknown>,
  onMessage: (message: M) => void,
  onUnreadable: (cause: unknown) => void,
): (message: M) => void {
  return (message) => {
    const outcome = attempt(() => packing.unpack(message));
    if ('error' in outcome) onUnreadable(outcome.error);
    else onMessage(outcome.message);
  };
}

/** What comes of it, or why nothing does; what is done with it must not be taken for a part of it. */
function attempt<M>(work: () => M): { readonly message: M } | { readonly error: unknown } {
  try {
    return { message: work() };
  } catch (error) {
    return { error };
  }
}
