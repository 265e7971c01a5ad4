import { describe, expect, it } from 'vitest';
import type { Answer, FailedWork } from '../../../../src/core/Answer.js';
import { Parcel } from '../../../../src/core/Parcel.js';
import { type Answers, extra, protocol } from '../../../../src/connectors/worker/messages.js';
import { packError } from '../../../../src/connectors/worker/PackedError.js';
import { type DeskSettings, WorkerDesk } from '../../../../src/connectors/worker/WorkerDesk.js';
import { WorkerError } from '../../../../src/connectors/worker/WorkerError.js';

function make(settings: Partial<DeskSettings<string>> = {}, refuse?: (message: string) => boolean) {
  const posts: unknown[] = [];
  const transfers: (readonly object[])[] = [];
  const log: string[] = [];
  const failed: FailedWork<string>[] = [];
  const answers: Answer<string, string>[] = [];
  const desk = new WorkerDesk<string, string>(
    {
      maxBatch: 3,
      maxInFlight: 4,
      maxWaitMs: 7,
      crashPolicy: 'dead-letter',
      transfer: undefined,
      ...settings,
    },
    { index: 1, size: 2 },
    {
      post: (message, transfer) => {
        if (message.kind === 'messages' && (message.values as string[]).some((m) => refuse?.(m)))
          throw new Error('cannot be cloned');
        posts.push(message.kind === 'messages' ? message.values : message);
        transfers.push(transfer);
      },
      terminate: () => undefined,
    },
    {
      answer: (answer) => {
        answers.push(answer);
        const { parcel, value, isResult, isEnd, failure } = answer;
        if (isResult) log.push(`${parcel.message} -> ${String(value)}`);
        if (failure !== undefined) log.push(`${parcel.message} lost: ${String(failure.error)}`);
        else if (isEnd) log.push(`${parcel.message} done`);
      },
      fail: (work) => {
        failed.push(work);
        log.push(`failed: ${String(work.error)}`);
      },
      complete: () => log.push('complete'),
      drain: () => log.push('drain'),
      wait: () => log.push('wait'),
    },
  );
  let ticket = 0;
  const push = (...messages: string[]): void => {
    for (const message of messages) {
      desk.taken();
      desk.push(new Parcel(ticket++, message, undefined, undefined));
    }
  };
  const greet = (): void => {
    desk.receive({ kind: 'ready', protocol });
    posts.splice(0);
    transfers.splice(0);
    log.splice(0);
  };
  const answer = (some: Partial<Answers>): void => {
    log.splice(0);
    const none = { taken: 0, values: [], owners: [], first: 0, ended: [], buried: [] };
    desk.receive({ kind: 'answers', ...none, ...some });
  };
  return { desk, posts, transfers, log, failed, answers, push, greet, answer };
}

describe('WorkerDesk', () => {
  it('takes nothing until the worker is there, and tells it what to do', () => {
    const { desk, posts, log } = make();
    expect(desk.isFree).toBe(false);
    desk.receive({ kind: 'ready', protocol });
    expect(desk.isFree).toBe(true);
    expect(posts).toEqual([{ kind: 'start', index: 1, size: 2, maxBatch: 3, maxWaitMs: 7 }]);
    expect(log).toEqual(['drain']);
  });

  it('ends at once when the worker is there, if there is nothing to do', () => {
    const { desk, posts, log } = make();
    desk.end();
    expect(posts).toEqual([]);
    desk.receive({ kind: 'ready', protocol });
    expect(posts).toEqual([expect.objectContaining({ kind: 'start' }), { kind: 'complete' }]);
    expect(log).toEqual([]);
  });

  it('does not talk to a worker of another version', () => {
    const { desk, posts, failed } = make();
    desk.receive({ kind: 'ready', protocol: 'rxjs-reliable/worker/0' });
    expect(posts).toEqual([]);
    expect(failed).toHaveLength(1);
    expect(failed[0]?.error).toBeInstanceOf(WorkerError);
    expect(String(failed[0]?.error)).toContain('the worker speaks rxjs-reliable/worker/0, not');
    expect(failed[0]?.poison).toEqual([]);
  });

  it('sends full batches at once, others when it is flushed or ended', () => {
    const { desk, posts, log, push, greet } = make({ maxInFlight: 100 });
    greet();
    push('a', 'b', 'c', 'd');
    expect(posts).toEqual([['a', 'b', 'c']]);
    expect(log).toEqual(['wait', 'wait', 'wait']);
    desk.flush();
    desk.flush();
    expect(posts.slice(1)).toEqual([['d']]);
    push('e');
    desk.end();
    expect(posts.slice(2)).toEqual([['e'], { kind: 'complete' }]);
  });

  it('counts what the pipeline has not begun, sent or not', () => {
    const { desk, push, greet, answer, log } = make();
    greet();
    push('a', 'b', 'c');
    expect(desk.isFree).toBe(true);
    desk.taken();
    expect(desk.isFree).toBe(false);
    answer({ taken: 1 });
    expect(log).toEqual(['drain']);
    expect(desk.isFree).toBe(true);
  });

  it('understands plain answers: one result for each message in turn, its last', () => {
    const { desk, push, greet, answer, log } = make();
    greet();
    push('a', 'b', 'c');
    answer({ owners: undefined, first: 1, values: ['x', 'y'], taken: 3 });
    expect(log).toEqual(['b -> x', 'b done', 'c -> y', 'c done', 'drain']);
    desk.crash(new WorkerError('gone', undefined, 1));
    expect(log.at(-1)).toBe('failed: WorkerError: inWorker: gone');
  });

  it('understands answers with owners, each message done when that is said', () => {
    const { push, greet, answer, log } = make();
    greet();
    push('a', 'b', 'c');
    answer({ owners: [2, 0, 2], values: ['x', 'y', 'z'], ended: [2, 1], taken: 3 });
    expect(log).toEqual(['c -> x', 'a -> y', 'c -> z', 'c done', 'b done', 'drain']);
    answer({ owners: [2, 0], values: ['late', 'w'], ended: [2, 0, 0], taken: 3 });
    expect(log).toEqual(['a -> w', 'a done', 'drain']);
  });

  it('puts extra results with the message that had a result last', () => {
    const { push, greet, answer, answers } = make({ maxBatch: 1 });
    greet();
    push('a', 'b');
    answer({ owners: [extra], values: ['first'] });
    expect(answers.at(-1)).toMatchObject({ value: 'first', isEnd: false });
    expect(answers.at(-1)?.parcel.turn).toBeUndefined();
    answer({ owners: [0, extra], values: ['x', 'more'], ended: [0] });
    answer({ owners: [extra], values: ['still more'] });
    expect(answers.map(({ parcel, value }) => [parcel.message, value])).toEqual([
      [undefined, 'first'],
      ...[
        ['a', 'x'],
        ['a', 'more'],
        ['a', undefined],
        ['a', 'still more'],
      ],
    ]);
  });

  it('gives up the messages whose results could not be sent', () => {
    const { push, greet, answer, log } = make({ maxBatch: 1 });
    greet();
    push('a', 'b');
    answer({ buried: [[1, packError(new RangeError('no'))]], ended: [1, 0], taken: 2 });
    expect(log).toEqual(['b lost: RangeError: no', 'a done', 'drain']);
  });

  it('fails where a result could not be sent that is no message’s', () => {
    const { push, greet, answer, failed } = make();
    greet();
    push('a');
    answer({ buried: [[extra, packError(new RangeError('no'))]] });
    expect(failed).toHaveLength(1);
    expect(failed[0]?.error).toBeInstanceOf(RangeError);
    expect(failed[0]?.poison).toEqual([]);
  });

  it('sends messages one by one where one cannot be cloned', () => {
    const { desk, posts, push, greet, log, answer } = make({ maxInFlight: 3 }, (m) => m === 'b');
    greet();
    push('a', 'b', 'c');
    expect(posts).toEqual([['a'], ['c']]);
    expect(log).toEqual(['wait', 'wait', 'b lost: Error: cannot be cloned', 'drain']);
    // It takes no room and no number.
    expect(desk.isFree).toBe(true);
    answer({ owners: undefined, first: 0, values: ['x', 'y'], taken: 2 });
    expect(log).toEqual(['a -> x', 'a done', 'c -> y', 'c done', 'drain']);
  });

  it('hands over what its settings say, with the batch', () => {
    const { desk, transfers, push, greet } = make({ transfer: (message) => [{ message }] });
    greet();
    push('a', 'b');
    desk.flush();
    push('c');
    desk.flush();
    expect(transfers).toEqual([[{ message: 'a' }, { message: 'b' }], [{ message: 'c' }]]);
  });

  it('hands over the same when it has to send one by one', () => {
    const { transfers, push, greet } = make(
      { transfer: (message) => [{ message }] },
      (m) => m === 'b',
    );
    greet();
    push('a', 'b', 'c');
    expect(transfers).toEqual([[{ message: 'a' }], [{ message: 'c' }]]);
  });

  it('blames the message that `transfer` throws for', () => {
    const { failed, push, greet } = make({
      transfer: (message) => {
        if (message === 'b') throw new Error('no transfer');
        return [];
      },
    });
    greet();
    push('a', 'b');
    expect(failed).toHaveLength(1);
    expect(failed[0]?.poison.map(({ message }) => message)).toEqual(['b']);
    expect(String(failed[0]?.error)).toBe('Error: no transfer');
  });

  it('fails with the error of the pipeline, and the messages to blame', () => {
    const { desk, failed, push, greet } = make();
    greet();
    push('a', 'b', 'c');
    desk.receive({ kind: 'failure', error: packError(new TypeError('bad')), poison: [1, 99] });
    expect(failed[0]?.error).toBeInstanceOf(TypeError);
    expect(failed[0]?.poison.map(({ message }) => message)).toEqual(['b']);
  });

  it.each(['dead-letter', 'resend'] as const)('after a crash, by %s', (crashPolicy) => {
    const { desk, failed, push, greet, answer } = make({ crashPolicy });
    greet();
    push('a', 'b', 'c', 'd');
    answer({ owners: undefined, first: 0, values: ['x'], taken: 1 });
    const error = new WorkerError('gone', undefined, 1);
    desk.crash(error);
    expect(failed[0]?.error).toBe(error);
    // What was not sent is not lost, what was answered neither.
    const lost = crashPolicy === 'resend' ? [] : ['b', 'c'];
    expect(failed[0]?.poison.map(({ message }) => message)).toEqual(lost);
  });

  it('completes when the worker does', () => {
    const { desk, log, greet } = make();
    greet();
    desk.receive({ kind: 'complete' });
    expect(log).toEqual(['complete']);
  });
});
