import { type OperatorFunction, of } from 'rxjs';
import {
  type Shard,
  shardBy,
  type ShardByEvent,
  type ShardByOptions,
  type ShardRoute,
} from 'rxjs-reliable';
import { expectAssignable, expectError, expectNotAssignable, expectType } from 'tsd';

interface Order {
  readonly symbol: string;
  readonly size: number;
}

const shards = 4;
const orders = of<Order>({ symbol: 'A', size: 1 });

// Messages are inferred from the stream.
orders
  .pipe(
    shardBy(
      (order) => {
        expectType<Order>(order);
        return order.symbol;
      },
      { shards },
    ),
  )
  .subscribe((shard) => {
    expectType<Shard<Order>>(shard);
    expectType<number>(shard.index);
    expectType<number>(shard.size);
    expectType<number>(shard.pending);
    shard.subscribe((order) => {
      expectType<Order>(order);
    });
  });
orders
  .pipe(
    shardBy(
      {
        policy: 'custom',
        indexOf: (order, size) => {
          expectType<Order>(order);
          expectType<number>(size);
          return order.size % size;
        },
      },
      { shards },
    ),
  )
  .subscribe((shard) => {
    expectType<Shard<Order>>(shard);
  });
orders
  .pipe(shardBy({ policy: 'least-busy', keyBy: (order) => order.symbol }, { shards }))
  .subscribe((shard) => {
    expectType<Shard<Order>>(shard);
  });
expectType<OperatorFunction<Order, Shard<Order>>>(shardBy<Order>('round-robin', { shards }));
expectType<OperatorFunction<Order, Shard<Order>>>(shardBy<Order>('least-busy', { shards }));
expectType<OperatorFunction<Order, Shard<Order>>>(
  shardBy<Order>({ policy: 'least-busy' }, { shards }),
);

// A route may be chosen at run time.
declare const route: ShardRoute<Order, string>;
expectType<OperatorFunction<Order, Shard<Order>>>(shardBy(route, { shards }));

// Events carry the message and its key.
shardBy((order: Order) => order.symbol, {
  shards,
  onEvent: (event) => {
    expectType<ShardByEvent<Order, string>>(event);
    expectType<Order>(event.message);
    expectType<string>(event.key);
    expectType<false>(event.passed);
    expectType<'overflow' | 'orphaned' | 'discarded'>(event.kind);
    expectType<number>(event.shard);
  },
});

expectError(shardBy<Order>('round-robin'));
expectError(shardBy<Order>('round-robin', {}));
expectError(shardBy<Order>('hash', { shards }));
expectError(shardBy<Order>({ policy: 'custom' }, { shards }));
expectError(shardBy<Order>({ policy: 'round-robin' }, { shards }));
expectError(shardBy<Order>({ policy: 'custom', indexOf: () => '1' }, { shards }));
expectAssignable<ShardByOptions<Order>>({ shards, overflowPolicy: undefined, seed: 1 });
expectNotAssignable<ShardByOptions<Order>>({ shards, overflowPolicy: 'drop' });
declare const options: ShardByOptions<Order>;
expectError((options.shards = 2));
declare const shard: Shard<Order>;
expectError((shard.index = 2));
expectError((shard.pending = 2));
