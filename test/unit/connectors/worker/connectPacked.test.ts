import { MessageChannel } from 'node:worker_threads';
import { columns } from 'rxjs-reliable/worker';
import { describe, expect, it } from 'vitest';
import {
  connectPacked,
  connectPackedPort,
} from '../../../../src/connectors/worker/connectPacked.js';
import type { FromWorker, ToWorker } from '../../../../src/connectors/worker/messages.js';
import type { WorkerError } from '../../../../src/connectors/worker/WorkerError.js';
import { NodeWorkerInThread, settled } from '../../../support/workerInThread.js';

const codec = columns<number>('number');
const texts = columns<string>('string');
const complete = { kind: 'complete' } as const;
const answers = (values: readonly unknown[]): FromWorker => ({
  ...{ kind: 'answers', taken: 1, values, owners: undefined, first: 0, ended: [], buried: [] },
});

describe('connectPacked', () => {
  function make() {
    const worker = new NodeWorkerInThread();
    const messages: FromWorker[] = [];
    const crashes: WorkerError[] = [];
    const listener = {
      message: (message: FromWorker) => messages.push(message),
      crash: (error: WorkerError) => crashes.push(error),
    };
    const link = connectPacked(worker, listener, { codec, resultCodec: texts });
    return { worker, messages, crashes, link, listener };
  }

  it('packs what it posts', () => {
    const { link, worker } = make();
    link.post({ kind: 'messages', values: [1, 2] }, []);
    link.post(complete, []);
    expect(worker.sent[0]).toMatchObject({ kind: 'messages', values: { count: 2 } });
    expect(worker.sent[1]).toEqual(complete);
    link.terminate();
    expect(worker.terminations).toBe(1);
  });

  it('unpacks what it hears', async () => {
    const { worker, messages, crashes } = make();
    worker.inside.postMessage(answers({ count: 1, data: ['a'] } as never));
    worker.inside.postMessage(complete);
    await settled();
    expect(messages).toEqual([answers(['a']), complete]);
    expect(crashes).toEqual([]);
  });

  it('takes for a crash what it cannot unpack', async () => {
    const { worker, messages, crashes } = make();
    worker.inside.postMessage(answers({ count: 2, data: ['a'] } as never));
    await settled();
    expect(messages).toEqual([]);
    expect(crashes.map(({ message }) => message)).toEqual([
      'inWorker: results could not be read: TypeError: the resultCodec made 1 values of 2 that were encoded',
    ]);
    worker.crash(new Error('gone'));
    expect(crashes[1]?.message).toBe('inWorker: the worker crashed: Error: gone');
  });

  it('leaves to others what the listener throws', () => {
    const { worker, listener, crashes } = make();
    listener.message = () => {
      throw new Error('mine');
    };
    const hear = worker as unknown as { hear(message: unknown): void };
    expect(() => {
      hear.hear(complete);
    }).toThrow('mine');
    expect(crashes).toEqual([]);
  });
});

describe('connectPackedPort', () => {
  function make() {
    const { port1, port2 } = new MessageChannel();
    const heard: unknown[] = [];
    const messages: ToWorker[] = [];
    const causes: unknown[] = [];
    port1.on('message', (message) => heard.push(message));
    const post = connectPackedPort(
      port2,
      (message) => messages.push(message),
      (cause) => causes.push(cause),
      { codec, resultCodec: texts },
    );
    const close = (): void => {
      port1.close();
    };
    return { port1, port2, heard, messages, causes, post, close };
  }

  it('unpacks messages and packs results', async () => {
    const { port1, heard, messages, causes, post, close } = make();
    port1.postMessage({ kind: 'messages', values: { count: 1, data: Float64Array.of(7) } });
    post(answers(['a']), []);
    await settled();
    expect(messages).toEqual([{ kind: 'messages', values: [7] }]);
    expect(heard).toEqual([answers({ count: 1, data: ['a'] } as never)]);
    expect(causes).toEqual([]);
    close();
  });

  it('says why it cannot read something', async () => {
    const { port1, port2, messages, causes, close } = make();
    port1.postMessage({ kind: 'messages', values: { count: 2, data: Float64Array.of(7) } });
    await settled();
    port2.emit('messageerror', new Error('unreadable'));
    expect(messages).toEqual([]);
    expect(causes).toEqual([
      new TypeError('the codec made 1 values of 2 that were encoded'),
      undefined,
    ]);
    close();
  });
});
