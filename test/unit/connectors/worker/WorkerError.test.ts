import { StreamError } from 'rxjs-reliable';
import { WorkerError } from 'rxjs-reliable/worker';
import { describe, expect, it } from 'vitest';

describe('WorkerError', () => {
  it('says what happened, with what is behind it', () => {
    const cause = new Error('cause');
    const error = new WorkerError('the worker crashed', cause, 3);
    expect(error).toBeInstanceOf(Error);
    expect(StreamError.is(error)).toBe(true);
    expect(error).toMatchObject({
      name: 'WorkerError',
      code: 'RELIABLE_WORKER',
      message: 'inWorker: the worker crashed',
      exitCode: 3,
    });
    expect(error.cause).toBe(cause);
    expect(String(error)).toBe('WorkerError: inWorker: the worker crashed');
  });
});
