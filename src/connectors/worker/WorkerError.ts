import { StreamError } from '../../errors.js';

/** A worker crashed, stopped, or did what no worker of ours does. */
export class WorkerError extends StreamError {
  /** Name of the class. */
  override readonly name = 'WorkerError';
  /** Identifies the kind of error. */
  readonly code = 'RELIABLE_WORKER';

  /** Makes the error. */
  constructor(
    /** What happened. */
    message: string,
    /** The error behind it, if there is one. */
    override readonly cause: unknown,
    /** With what code the worker stopped, on Node. */
    readonly exitCode: number | undefined,
  ) {
    super(`inWorker: ${message}`);
  }
}
