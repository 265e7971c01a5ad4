import { EventEmitter } from 'node:events';
import { describe, expect, it } from 'vitest';
import { connect, connectPort } from '../../../../src/connectors/worker/connect.js';
import type { FromWorker, ToWorker } from '../../../../src/connectors/worker/messages.js';
import { WorkerError } from '../../../../src/connectors/worker/WorkerError.js';
import { NodeWorkerInThread, settled, WebWorkerInThread } from '../../../support/workerInThread.js';

const complete = { kind: 'complete' } as const;

function listen(worker: NodeWorkerInThread | WebWorkerInThread) {
  const messages: FromWorker[] = [];
  const crashes: WorkerError[] = [];
  const link = connect(worker, {
    message: (message) => messages.push(message),
    crash: (error) => crashes.push(error),
  });
  return { link, messages, crashes };
}

describe.each([
  ['Node', () => new NodeWorkerInThread()],
  ['a browser', () => new WebWorkerInThread()],
] as const)('a worker of %s', (_, make) => {
  it('is heard, sent to, and terminated', async () => {
    const worker = make();
    const heard: unknown[] = [];
    worker.inside.on('message', (message) => heard.push(message));
    const { link, messages, crashes } = listen(worker);
    link.post(complete, []);
    worker.inside.postMessage(complete);
    await settled();
    expect(heard).toEqual([complete]);
    expect(messages).toEqual([complete]);
    link.terminate();
    expect(worker.terminations).toBe(1);
    expect(crashes).toEqual([]);
  });

  it('is handed what is to be transferred', () => {
    const { link } = listen(make());
    const buffer = new ArrayBuffer(8);
    link.post({ kind: 'messages', values: [buffer] }, [buffer]);
    expect(buffer.byteLength).toBe(0);
    expect(() => {
      link.post({ kind: 'messages', values: [listen] }, []);
    }).toThrow('could not be cloned');
  });

  it('that says what cannot be read counts as crashed', () => {
    const worker = make();
    const { crashes } = listen(worker);
    worker.garble();
    expect(crashes).toHaveLength(1);
    expect(crashes[0]).toBeInstanceOf(WorkerError);
    expect(crashes[0]?.message).toBe('inWorker: a message of the worker could not be read');
  });

  it('may say what is none of ours', async () => {
    const worker = make();
    const { messages, crashes } = listen(worker);
    for (const foreign of [null, undefined, 'text', 7]) worker.inside.postMessage(foreign);
    worker.inside.postMessage(complete);
    await settled();
    expect(messages).toEqual([complete]);
    expect(crashes).toEqual([]);
  });
});

describe('a worker of Node', () => {
  it('has crashed when it has exited, so that what it said before counts', () => {
    const worker = new NodeWorkerInThread();
    const { crashes } = listen(worker);
    const thrown = new RangeError('out of range');
    worker.crash(thrown);
    expect(crashes).toHaveLength(1);
    expect(crashes[0]).toMatchObject({
      message: 'inWorker: the worker crashed: RangeError: out of range',
      cause: thrown,
      exitCode: 1,
    });
  });

  it.each([undefined, null, 'text'])('may crash with %o', (thrown) => {
    const worker = new NodeWorkerInThread();
    const { crashes } = listen(worker);
    worker.crash(thrown);
    expect(crashes[0]?.message).toBe(`inWorker: the worker crashed: ${String(thrown)}`);
    expect(crashes[0]?.cause).toBe(thrown);
  });

  it.each([0, 1, 137])('may exit with code %d', (code) => {
    const worker = new NodeWorkerInThread();
    const { crashes } = listen(worker);
    worker.exit(code);
    expect(crashes).toHaveLength(1);
    expect(crashes[0]).toMatchObject({
      message: `inWorker: the worker exited with code ${String(code)}`,
      cause: undefined,
      exitCode: code,
    });
  });
});

describe('a worker of a browser', () => {
  it('has crashed with an error event, which is not printed as well', () => {
    const worker = new WebWorkerInThread();
    const { crashes } = listen(worker);
    const error = new TypeError('no');
    worker.crash({ message: 'Uncaught TypeError: no', filename: 'a.js', lineno: 7, error });
    expect(crashes[0]).toMatchObject({
      message: 'inWorker: the worker crashed: Uncaught TypeError: no (a.js:7)',
      cause: error,
      exitCode: undefined,
    });
    expect(worker.prevented).toBe(1);
  });

  it('could not be loaded if the event says nothing', () => {
    const worker = new WebWorkerInThread();
    const { crashes } = listen(worker);
    worker.crash();
    worker.crash({ message: 'bare' });
    expect(crashes.map(({ message }) => message)).toEqual([
      'inWorker: the worker could not be started',
      'inWorker: the worker crashed: bare (:0)',
    ]);
  });
});

/** A port as those of browsers: deaf until it is started. */
class Port extends EventTarget {
  readonly posts: unknown[] = [];
  starts = 0;

  start(): void {
    this.starts += 1;
  }

  postMessage(message: unknown, transfer: object[]): void {
    this.posts.push([message, transfer]);
  }

  say(data: unknown): void {
    if (this.starts > 0) this.dispatchEvent(Object.assign(new Event('message'), { data }));
  }
}

describe('ports of a browser', () => {
  it('are started, at either end', () => {
    const inner = new Port();
    const heard: ToWorker[] = [];
    connectPort(
      inner,
      (message) => heard.push(message),
      () => undefined,
    );
    inner.say(complete);
    expect(heard).toEqual([complete]);
    const outer = Object.assign(new Port(), { terminate: () => undefined });
    const said: FromWorker[] = [];
    connect(outer, { message: (message) => said.push(message), crash: () => undefined });
    outer.say(complete);
    expect(said).toEqual([complete]);
    expect([inner.starts, outer.starts]).toEqual([1, 1]);
  });
});

describe("the worker's end", () => {
  it('listens and sends by events of browsers', () => {
    const port = new Port();
    const heard: ToWorker[] = [];
    let unreadable = 0;
    const post = connectPort(
      port,
      (message) => heard.push(message),
      () => (unreadable += 1),
    );
    const transfer = [new ArrayBuffer(1)];
    post(complete, transfer);
    port.say(complete);
    port.dispatchEvent(new Event('messageerror'));
    expect(port.posts).toEqual([[complete, transfer]]);
    expect(heard).toEqual([complete]);
    expect(unreadable).toBe(1);
  });

  it('listens and sends by events of Node', () => {
    const posts: unknown[] = [];
    const port = Object.assign(new EventEmitter(), {
      postMessage: (message: unknown) => posts.push(message),
    });
    const heard: ToWorker[] = [];
    let unreadable = 0;
    const post = connectPort(
      port,
      (message) => heard.push(message),
      () => (unreadable += 1),
    );
    post(complete, []);
    port.emit('message', complete);
    port.emit('messageerror');
    expect(posts).toEqual([complete]);
    expect(heard).toEqual([complete]);
    expect(unreadable).toBe(1);
  });

  it('may be sent what is none of ours', () => {
    const port = new EventEmitter();
    const heard: ToWorker[] = [];
    connectPort(
      Object.assign(port, { postMessage: () => undefined }),
      (message) => heard.push(message),
      () => undefined,
    );
    for (const foreign of [null, undefined, 'text', complete]) port.emit('message', foreign);
    expect(heard).toEqual([complete]);
  });
});
