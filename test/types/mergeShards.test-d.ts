import { concatMap, map, type OperatorFunction, of } from 'rxjs';
import {
  eachMessage,
  mergeShards,
  type MergeShardsEvent,
  type MergeShardsOptions,
  type Shard,
  shardBy,
  type ShardError,
} from 'rxjs-reliable';
import { expectAssignable, expectError, expectNotAssignable, expectType } from 'tsd';

interface Order {
  readonly symbol: string;
  readonly size: number;
}

const orders = of<Order>({ symbol: 'A', size: 1 }).pipe(
  shardBy((order) => order.symbol, { shards: 4 }),
);

// What comes out is what the pipeline makes.
expectType<OperatorFunction<Shard<Order>, number>>(
  mergeShards((shard: Shard<Order>) => shard.pipe(map(({ size }) => size))),
);
orders
  .pipe(
    mergeShards((shard) => {
      expectType<Shard<Order>>(shard);
      return shard.pipe(concatMap(({ size }) => [String(size)]));
    }),
  )
  .subscribe((text) => {
    expectType<string>(text);
  });
orders.pipe(mergeShards((shard) => shard, { order: 'source' })).subscribe((order) => {
  expectType<Order>(order);
});
orders.pipe(mergeShards(() => Promise.resolve(1))).subscribe((one) => {
  expectType<number>(one);
});
orders.pipe(mergeShards(() => ['a'])).subscribe((text) => {
  expectType<string>(text);
});
orders.pipe(mergeShards(eachMessage((order) => of(order.size)))).subscribe((size) => {
  expectType<number>(size);
});

// Orders and events know the result.
orders
  .pipe(
    mergeShards((shard) => shard.pipe(map(({ size }) => size)), {
      order: {
        by: (size) => {
          expectType<number>(size);
          return size;
        },
        idleMs: 100,
      },
      onEvent: (event) => {
        expectType<MergeShardsEvent<Order, number>>(event);
        if (event.kind === 'dead-letter') {
          expectType<Order>(event.message);
          expectType<unknown>(event.error);
        } else if (event.kind === 'late') {
          expectType<number>(event.message);
          expectType<boolean>(event.passed);
        } else if (event.kind === 'shard-error') {
          expectType<'fail' | 'drop' | 'restart'>(event.action);
        } else if (event.kind === 'shard-restart') {
          expectType<number>(event.restarts);
        } else if (event.kind === 'shard-complete') {
          expectType<boolean>(event.isEarly);
        }
      },
    }),
  )
  .subscribe((size) => {
    expectType<number>(size);
  });

declare const error: ShardError;
expectType<number>(error.shard);
expectType<unknown>(error.cause);
expectType<'RELIABLE_SHARD'>(error.code);

type Options = MergeShardsOptions<Order, number>;
expectAssignable<Options>({ order: 'source', onShardError: 'restart', maxRestarts: 1 });
expectAssignable<Options>({ order: { by: () => 1n, idleMs: Infinity } });
expectNotAssignable<Options>({ order: 'sorted' });
expectNotAssignable<Options>({ order: { by: () => 1 } });
expectNotAssignable<Options>({ order: { by: () => 'a', idleMs: 1 } });
expectNotAssignable<Options>({ onShardError: 'ignore' });
expectError(mergeShards());
expectError(mergeShards((shard: Shard<Order>) => shard.index));
expectError(of(1).pipe(mergeShards((shard) => shard)));
declare const options: Options;
expectError((options.maxBuffer = 2));
