import { MessageChannel } from 'node:worker_threads';
import { delay, EMPTY, map, NEVER, type Observable, of, take, throwError, timer } from 'rxjs';
import { eachMessage, OptionError } from 'rxjs-reliable';
import {
  exposePipeline,
  type ExposePipelineOptions,
  type WorkerPipeline,
} from 'rxjs-reliable/worker';
import { afterEach, describe, expect, it, vi } from 'vitest';
import {
  type Answers,
  type FromWorker,
  protocol,
  type ToWorker,
} from '../../../../src/connectors/worker/messages.js';
import { unpackError } from '../../../../src/connectors/worker/PackedError.js';
import { settled } from '../../../support/workerInThread.js';

const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

/** Plays the other side by hand. */
function expose<T, R>(pipeline: WorkerPipeline<T, R>, options: ExposePipelineOptions<R> = {}) {
  const { port1, port2 } = new MessageChannel();
  closing.push(() => port1.close());
  const said: FromWorker[] = [];
  port1.on('message', (message: FromWorker) => said.push(message));
  exposePipeline(pipeline, { ...options, port: port2 });
  const tell = async (...messages: (ToWorker | object)[]): Promise<void> => {
    for (const message of messages) port1.postMessage(message);
    await settled();
  };
  const start = { kind: 'start', index: 1, size: 3, maxBatch: 4, maxWaitMs: 0 } as const;
  const answers = (): Answers[] =>
    said.flatMap((message) => (message.kind === 'answers' ? [message] : []));
  const send = (...messages: T[]): Promise<void> => tell({ kind: 'messages', values: messages });
  /** The kinds of what was said, but for answers. */
  const kinds = (): string[] => said.map(({ kind }) => kind).filter((kind) => kind !== 'answers');
  const values = (): unknown[] => answers().flatMap((answer) => answer.values);
  return { said, tell, start, answers, values, send, kinds };
}

const double = (source: Observable<number>): Observable<number> => source.pipe(map((n) => 2 * n));

describe('exposePipeline', () => {
  it('says that it is there, and waits until it is told to start', async () => {
    const pipeline = vi.fn(double);
    const { said, tell, start } = expose<number, number>(pipeline);
    await settled();
    expect(said).toEqual([{ kind: 'ready', protocol }]);
    expect(pipeline).not.toHaveBeenCalled();
    await tell(start);
    expect(pipeline).toHaveBeenCalledOnce();
    expect(pipeline.mock.calls[0]?.[0]).toMatchObject({ index: 1, size: 3, pending: 0 });
  });

  it('answers a batch when it is worked off', async () => {
    const { tell, start, send, answers } = expose<number, number>(double);
    await tell(start);
    await send(1, 2);
    await send(3);
    expect(answers()).toMatchObject([
      { taken: 2, values: [2, 4], first: 0, ended: [], buried: [] },
      { taken: 3, values: [6], first: 2 },
    ]);
    expect(answers()[0]?.owners).toBeUndefined();
  });

  it('answers in pieces of maxBatch results', async () => {
    const { tell, start, send, answers } = expose(eachMessage((n: number) => [n, n, n]));
    await tell(start);
    await send(1, 2, 3, 4);
    expect(answers().map(({ values }) => values.length)).toEqual([6, 6]);
  });

  it('does not keep results for long while others are worked out', async () => {
    const { tell, start, send, answers } = expose<number, number>((source) =>
      source.pipe(
        map((n) => {
          const untilMs = Date.now() + 6;
          while (Date.now() < untilMs);
          return n;
        }),
      ),
    );
    await tell(start);
    await send(1, 2, 3);
    expect(answers().length).toBeGreaterThan(1);
  });

  it('says what it has begun, also where nothing comes of it', async () => {
    const { tell, start, send, answers } = expose(eachMessage(() => NEVER, { concurrency: 2 }));
    await tell(start);
    await send(1, 2, 3);
    expect(answers()).toMatchObject([{ taken: 2, values: [], ended: [] }]);
    await send(4);
    expect(answers()).toHaveLength(1);
  });

  it('says what is done without a result', async () => {
    const { tell, start, send, answers } = expose(eachMessage(() => EMPTY));
    await tell(start);
    await send(1, 2);
    expect(answers()).toMatchObject([{ taken: 2, values: [], ended: [0, 1] }]);
  });

  it('sends what comes by itself after maxWaitMs', async () => {
    const { tell, start, send, values } = expose(
      eachMessage((n: number) => timer(1).pipe(map(() => n))),
    );
    await tell({ ...start, maxWaitMs: 40 });
    const beganMs = Date.now();
    await send(1);
    await vi.waitFor(() => expect(values()).toEqual([1]), { interval: 5 });
    expect(Date.now() - beganMs).toBeGreaterThanOrEqual(39);
  });

  it('completes when the other side has and everything is done', async () => {
    const { tell, start, send, kinds, values } = expose(
      eachMessage((n: number) => timer(40).pipe(map(() => n))),
    );
    await tell(start);
    await send(1);
    await tell({ kind: 'complete' });
    expect(kinds()).toEqual(['ready']);
    await vi.waitFor(() => expect(kinds()).toEqual(['ready', 'complete']));
    expect(values()).toEqual([1]);
  });

  it.each([
    ['at once', (source: Observable<number>) => source.pipe(take(1))],
    ['later', (source: Observable<number>) => source.pipe(delay(1), take(1))],
  ] as const)('that completes early, %s, does not say that the rest is done', async (_, early) => {
    const { tell, start, send, kinds, answers } = expose<number, number>(early);
    await tell(start);
    await send(1, 2, 3);
    await vi.waitFor(() => expect(kinds()).toContain('complete'));
    await send(4);
    expect(kinds()).toEqual(['ready', 'complete']);
    expect(answers().flatMap(({ values }) => values)).toEqual([1]);
    expect(answers().flatMap(({ ended }) => ended)).toEqual([]);
  });

  it.each([
    [
      'eachMessage',
      eachMessage((n: number) => (n === 2 ? throwError(() => new URIError('no')) : [n])),
    ],
    [
      'a plain pipeline',
      (source: Observable<number>) =>
        source.pipe(
          map((n) => {
            if (n === 2) throw new URIError('no');
            return n;
          }),
        ),
    ],
  ] as const)(
    'fails with %s, after what was done, and says who is to blame',
    async (_, pipeline) => {
      const { tell, start, send, said, values } = expose<number, number>(pipeline);
      await tell(start);
      await send(1, 2, 3);
      await send(4);
      expect(values()).toEqual([1]);
      const last = said.at(-1);
      expect(last).toMatchObject({ kind: 'failure', poison: [1] });
      expect(last?.kind === 'failure' && unpackError(last.error)).toBeInstanceOf(URIError);
    },
  );

  it.each([
    ['throws', () => throwError(() => new Error('no'))],
    ['is thrown for', (): never => fail()],
    ['returns nothing to subscribe', () => undefined as never],
  ])('fails when the pipeline %s', async (_, pipeline) => {
    const { tell, start, said } = expose<number, number>(pipeline);
    await tell(start);
    expect(said.at(-1)).toMatchObject({ kind: 'failure', poison: [] });
  });

  it('takes any input for a pipeline', async () => {
    const { tell, start, values, kinds } = expose(() => [1, 2]);
    await tell(start);
    expect(values()).toEqual([1, 2]);
    expect(kinds()).toEqual(['ready', 'complete']);
  });

  it('gives up a result that cannot be cloned', async () => {
    const { tell, start, send, answers } = expose(eachMessage((n: number) => [n === 2 ? fail : n]));
    await tell(start);
    await send(1, 2, 3);
    const buried = answers().flatMap((answer) => answer.buried);
    expect(buried).toMatchObject([[1, { name: 'DataCloneError' }]]);
    expect(answers().flatMap(({ values }) => values)).toEqual([1, 3]);
  });

  it('hands results over where it is told to', async () => {
    const made: Uint8Array[] = [];
    const { tell, start, send, values } = expose<number, Uint8Array>(
      (source) =>
        source.pipe(
          map((n) => {
            const bytes = new Uint8Array(n);
            made.push(bytes);
            return bytes;
          }),
        ),
      { transfer: ({ buffer }) => [buffer] },
    );
    await tell(start);
    await send(3);
    expect(values()).toEqual([new Uint8Array(3)]);
    expect(made.map(({ byteLength }) => byteLength)).toEqual([0]);
  });

  it('ignores what is none of its business', async () => {
    const { tell, start, send, kinds, values } = expose<number, number>(double);
    await tell({ kind: 'messages', values: [0] }, { kind: 'complete' });
    await tell({ config: 1 }, start, { config: 2 }, { kind: 'greeting' });
    await send(1);
    expect(values()).toEqual([2]);
    expect(kinds()).toEqual(['ready']);
  });

  it('fails when it is sent what cannot be read', () => {
    const listeners = new Map<string, () => void>();
    const said: unknown[] = [];
    exposePipeline<number, number>(double, {
      port: {
        on: (event, listener) => listeners.set(event, listener as () => void),
        postMessage: (message) => said.push(message),
      },
    });
    listeners.get('messageerror')?.();
    expect(said[1]).toMatchObject({
      kind: 'failure',
      poison: [],
      error: { name: 'TypeError', message: 'exposePipeline: messages could not be read' },
    });
  });
});

describe('options', () => {
  const port = { on: () => undefined, postMessage: () => undefined };
  it.each([
    ['pipeline', () => exposePipeline(undefined as never, { port })],
    ['pipeline', () => exposePipeline(of(1) as never, { port })],
    ['transfer', () => exposePipeline(double, { port, transfer: [] as never })],
    ['options', () => exposePipeline(double, null as never)],
  ])('%s is refused', (option, call) => {
    expect(call).toThrow(OptionError);
    expect(call).toThrow(expect.objectContaining({ operator: 'exposePipeline', option }));
  });

  it('include a port where this is no worker', () => {
    expect(() => exposePipeline(double)).toThrow('exposePipeline: this is no worker');
  });
});

function fail(): never {
  throw new Error('no');
}
