import { map } from 'rxjs';
import { eachMessage } from 'rxjs-reliable';
import { type CodecOptions, columns, type WorkerPipeline } from 'rxjs-reliable/worker';
import { describe, expect, it, vi } from 'vitest';
import { settled, workersWith } from '../../../support/workerInThread.js';
import { errorOf, type RigOptions, throughWorkers } from '../../../support/workerRig.js';

interface Order {
  readonly id: number;
  readonly symbol: string;
}

const order = (id: number): Order => ({ id, symbol: `S${String(id)}` });
const orders = [0, 1, 2, 3, 4].map(order);
const codec = columns<Order>({ id: 'number', symbol: 'string' });
const resultCodec = columns<string>('string');
const both = { codec, resultCodec };
const named: WorkerPipeline<Order, string> = (source$) =>
  source$.pipe(map(({ id, symbol }) => `${symbol}:${String(id)}`));

type Codecs = CodecOptions<Order, string>;

/** Orders through a worker, with codecs outside and inside. */
function through(outside: Codecs, inside: Codecs, options: RigOptions<Order, string> = {}) {
  const workers = workersWith<Order, string>(named, inside);
  const inWorker = { ...outside, ...options.inWorker };
  const rig = throughWorkers<Order, string, (typeof workers)['last']>(workers, {
    ...options,
    inWorker,
  });
  return { ...rig, workers };
}

const allNamed = ['S0:0', 'S1:1', 'S2:2', 'S3:3', 'S4:4', '|'];

describe('a codec', () => {
  it.each([
    ['both ways', both],
    ['of messages', { codec }],
    ['of results', { resultCodec }],
  ])('%s changes nothing in what comes of messages', async (_, codecs) => {
    for (const maxBatch of [1, 2, 64]) {
      const { log, sendAll, shards } = through(codecs, codecs, { inWorker: { maxBatch } });
      await sendAll(...orders);
      expect(log).toEqual(allNamed);
      expect(shards[0]?.pending).toBe(0);
    }
  });

  it('is given what is sent together', async () => {
    const encode = vi.spyOn(codec, 'encode');
    const { sendAll, workers } = through({ codec }, { codec }, { inWorker: { maxBatch: 2 } });
    await sendAll(...orders);
    const [a, b, c, d, e] = orders;
    expect(encode.mock.calls).toEqual([[[a, b]], [[c, d]], [[e]]]);
    const [, packed] = workers.last.sent;
    expect(packed).toMatchObject({ kind: 'messages', values: { count: 2 } });
    encode.mockRestore();
  });

  it('packs what a pipeline of eachMessage answers', async () => {
    const counted = eachMessage(({ id }: Order) => Array.from({ length: id }, () => id));
    const numbers = { codec, resultCodec: columns<number>('number') };
    const workers = workersWith<Order, number>(counted, numbers);
    const { log, sendAll } = throughWorkers<Order, number, (typeof workers)['last']>(workers, {
      inWorker: numbers,
    });
    await sendAll(...orders.slice(0, 4));
    expect(log).toEqual([1, 2, 2, 3, 3, 3, '|']);
  });

  it('gives up the message that it cannot encode, not its neighbours', async () => {
    const { log, sendAll, messagesOf, events, shards } = through(both, both);
    const wrong = { id: 1, symbol: 1 } as unknown as Order;
    await sendAll(order(0), wrong, order(2));
    expect(log).toEqual(['S0:0', 'S2:2', '|']);
    expect(messagesOf('dead-letter')).toEqual([wrong]);
    expect(events[0]).toMatchObject({
      error: new TypeError('columns: symbol is of type number, not string'),
    });
    expect(shards[0]?.pending).toBe(0);
  });

  it('gives up the message whose result it cannot encode, not its neighbours', async () => {
    const numbers = columns<string>('cloned');
    const picky = {
      encode: (results: readonly string[]) => {
        if (results.includes('S1:1')) throw new RangeError('too dear');
        return numbers.encode(results);
      },
      decode: (data: unknown) => numbers.decode(data),
    };
    const { log, sendAll, messagesOf } = through({ resultCodec: picky }, { resultCodec: picky });
    await sendAll(...orders);
    expect(log).toEqual(['S0:0', 'S2:2', 'S3:3', 'S4:4', '|']);
    expect(messagesOf('dead-letter')).toEqual([orders[1]]);
  });

  it('hands buffers of messages over besides its own', async () => {
    const buffer = new ArrayBuffer(8);
    const cloned = columns<{ buffer: ArrayBuffer }>({ buffer: 'cloned' });
    const workers = workersWith<{ buffer: ArrayBuffer }, number>(
      (source$) => source$.pipe(map((message) => message.buffer.byteLength)),
      { codec: cloned },
    );
    const { log, sendAll } = throughWorkers<
      { buffer: ArrayBuffer },
      number,
      (typeof workers)['last']
    >(workers, { inWorker: { codec: cloned, transfer: (message) => [message.buffer] } });
    await sendAll({ buffer });
    expect(log).toEqual([8, '|']);
    expect(buffer.byteLength).toBe(0);
  });
});

describe('a codec that only one thread has', () => {
  it('ends the stream where the worker cannot read messages', async () => {
    const { log, sendAll, messagesOf } = through({ codec }, {});
    await sendAll(...orders);
    expect(errorOf(log).cause).toMatchObject({
      message: 'exposePipeline: messages could not be read',
      cause: { message: 'the other thread has a codec, this one has none' },
    });
    expect(messagesOf('discarded')).toEqual(orders);
  });

  it('ends the stream where results cannot be read', async () => {
    const { log, sendAll, messagesOf, workers } = through({}, { resultCodec });
    await sendAll(...orders);
    expect(errorOf(log).cause).toMatchObject({
      name: 'WorkerError',
      message:
        'inWorker: results could not be read: TypeError: the other thread has a resultCodec, this one has none',
      cause: { name: 'TypeError' },
    });
    expect(messagesOf('dead-letter')).toEqual(orders);
    expect(workers.terminations).toEqual([1]);
  });

  it('does no harm where it has nothing to read', async () => {
    const { log, sendAll } = through({ resultCodec }, { codec });
    await sendAll(...orders);
    expect(log).toEqual(allNamed);
  });
});

describe('a codec that cannot decode', () => {
  it('crashes what is on the other side of it, and can be restarted', async () => {
    let failures = 1;
    const frail = {
      encode: codec.encode.bind(codec),
      decode: (data: unknown) => {
        if (failures-- > 0) throw new RangeError('garbled');
        return codec.decode(data);
      },
    };
    const { log, send, source, workers } = through(
      { codec },
      { codec: frail },
      {
        mergeShards: { onShardError: 'restart' },
      },
    );
    send(...orders);
    await settled();
    source.complete();
    await settled();
    expect(log).toEqual(allNamed);
    expect(workers.terminations).toEqual([1, 1]);
  });
});
