/// <reference types="node" />
/// <reference lib="dom" />
import { type MessagePort as NodePort, Worker as NodeWorker } from 'node:worker_threads';
import { map, type Observable, of, type OperatorFunction } from 'rxjs';
import { eachMessage, mergeShards, type Shard, shardBy } from 'rxjs-reliable';
import {
  type Codec,
  columns,
  exposePipeline,
  inWorker,
  type InWorkerEvent,
  type InWorkerOptions,
  type WorkerError,
  type WorkerLike,
  type WorkerPort,
} from 'rxjs-reliable/worker';
import { expectAssignable, expectError, expectNotAssignable, expectType } from 'tsd';

interface Order {
  readonly size: number;
}

declare const nodeWorker: () => NodeWorker;
declare const nodePort: NodePort;
declare const order$: Observable<Order>;

expectAssignable<WorkerLike>(nodeWorker());
declare const webWorker: Worker;
declare const webPort: MessagePort;
expectAssignable<WorkerLike>(webWorker);
expectAssignable<WorkerPort>(nodePort);
expectAssignable<WorkerPort>(webPort);
expectNotAssignable<WorkerLike>({ postMessage: () => undefined });

// What goes in and comes out has to be said: nobody can see into the worker.
expectType<OperatorFunction<Order, number>>(inWorker<Order, number>(nodeWorker));
expectType<Observable<number>>(order$.pipe(inWorker<Order, number>(nodeWorker)));
expectType<Observable<number>>(
  order$.pipe(
    shardBy('least-busy', { shards: 2 }),
    mergeShards((shard) => shard.pipe(inWorker<Order, number>(nodeWorker)), { order: 'source' }),
  ),
);

expectAssignable<InWorkerOptions<Order, number>>({
  maxBatch: 1,
  maxWaitMs: 0,
  maxInFlight: 1,
  crashPolicy: 'resend',
  transfer: () => [new ArrayBuffer(1)],
});
inWorker<Order, number>(nodeWorker, {
  transfer: (order) => {
    expectType<Order>(order);
    return [];
  },
  onEvent: (event) => {
    expectType<InWorkerEvent<Order, number>>(event);
    if (event.kind === 'dead-letter') expectType<Order>(event.message);
    if (event.kind === 'late') expectType<number>(event.message);
  },
});
expectError(inWorker<Order, number>(nodeWorker, { crashPolicy: 'ignore' }));
expectError(inWorker<Order, number>(nodeWorker, { maxBatches: 1 }));
expectError(inWorker<Order, number>(() => undefined));
expectError(of('text').pipe(inWorker<Order, number>(nodeWorker)));

interface Trade {
  readonly id: number;
  readonly side: 'buy' | 'sell';
  readonly isOwn: boolean;
  readonly note?: string;
}
const trades = columns<Trade>({ id: 'number', side: 'string', isOwn: 'boolean', note: 'cloned' });
expectType<Codec<Trade>>(trades);
expectType<Codec<number>>(columns<number>('number'));
expectType<Codec<boolean>>(columns<boolean>('boolean'));
expectType<Codec<Date>>(columns<Date>('cloned'));
// All fields have to be named, by a kind that can hold them.
expectError(columns<Trade>({ id: 'number', side: 'string', isOwn: 'boolean' }));
expectError(columns<Trade>({ id: 'string', side: 'string', isOwn: 'boolean', note: 'cloned' }));
expectError(columns<Trade>({ id: 'number', side: 'string', isOwn: 'boolean', note: 'string' }));
expectError(columns<Order>({ size: 'number', weight: 'number' }));
expectError(columns<string>('number'));
// Arrays would arrive as objects.
expectError(columns<[number]>(['number']));
inWorker<Trade, number>(nodeWorker, { codec: trades, resultCodec: columns<number>('number') });
expectError(inWorker<Order, number>(nodeWorker, { codec: columns<string>('string') }));
exposePipeline<Trade, number>(() => [1], { port: nodePort, codec: trades });
expectError(exposePipeline<Trade, number>(() => [1], { resultCodec: columns<string>('string') }));

exposePipeline<Order, number>((source$) => {
  expectType<Shard<Order>>(source$);
  return source$.pipe(map(({ size }) => size));
});
exposePipeline<Order, number>(eachMessage(({ size }: Order) => [size]));
exposePipeline<Order, number>(() => [1], { port: nodePort, transfer: () => [] });
expectError(exposePipeline<Order, number>((source$) => source$));

declare const error: WorkerError;
expectType<'RELIABLE_WORKER'>(error.code);
expectType<number | undefined>(error.exitCode);
