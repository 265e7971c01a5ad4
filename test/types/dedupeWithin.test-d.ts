import { asyncScheduler, map, of, type MonoTypeOperatorFunction, type Observable } from 'rxjs';
import {
  dedupeWithin,
  type DedupeWindowOptions,
  type DedupeWithinEvent,
  type DedupeWithinOptions,
  type SequenceNumber,
} from 'rxjs-reliable';
import { expectAssignable, expectError, expectType } from 'tsd';

interface Order {
  readonly id: string;
  readonly seq: number;
  readonly at: number;
}
declare const orders: Observable<Order>;

// Inside pipe() nothing has to be annotated, and the type of the messages stays what it is.
expectType<Observable<Order>>(orders.pipe(dedupeWithin(5)));
expectType<Observable<Order>>(orders.pipe(dedupeWithin(5, { keyBy: (order) => order.id })));
expectType<Observable<string>>(
  orders.pipe(
    dedupeWithin({ kind: 'count', count: 5 }),
    map((order) => order.id),
  ),
);
expectType<Observable<'a' | 'b'>>(of('a' as const, 'b' as const).pipe(dedupeWithin(5)));
expectType<Observable<Order>>(
  orders.pipe(
    dedupeWithin({
      kind: 'watermark',
      eventTimeOf: (order) => expectType<Order>(order) ?? order.at,
      delayMs: 5,
    }),
  ),
);
expectType<Observable<Order>>(
  orders.pipe(
    dedupeWithin({
      kind: 'sequence',
      sequenceOf: (order) => expectType<Order>(order) ?? order.seq,
      size: 5,
    }),
  ),
);
expectType<MonoTypeOperatorFunction<Order>>(dedupeWithin<Order>(5));

// The key of events is inferred from keyBy; without it, it is the message.
orders.pipe(
  dedupeWithin(5, {
    keyBy: (order) => order.id,
    onEvent: (event) => expectType<DedupeWithinEvent<Order, string>>(event),
  }),
);
orders.pipe(
  dedupeWithin(5, {
    onEvent: (event) => {
      expectType<DedupeWithinEvent<Order>>(event);
      expectType<Order>(event.key);
    },
  }),
);

// Events narrow on `kind`.
declare const event: DedupeWithinEvent<Order, string>;
expectType<'duplicate' | 'evicted' | 'late' | 'invalid' | 'reset'>(event.kind);
expectType<string>(event.key);
if (event.kind === 'duplicate') {
  expectType<Order>(event.message);
  expectType<number | undefined>(event.first);
  expectType<number | undefined>(event.ageMs);
  expectType<boolean>(event.passed);
}
if (event.kind === 'evicted') expectError(event.message);
if (event.kind === 'late') expectType<SequenceNumber>(event.behind);
if (event.kind === 'invalid') expectType<false>(event.passed);
if (event.kind === 'reset') expectType<'epoch' | 'jump'>(event.reason);
expectError(event.ageMs);

// Events and options are read-only.
declare const options: DedupeWithinOptions<Order, string>;
declare const window: DedupeWindowOptions<Order>;
expectError((event.key = 'x'));
expectError((options.maxKeys = 5));
expectError((window.kind = 'time'));
expectAssignable<DedupeWithinOptions<Order>>({ maxKeys: 5, repeatPolicy: undefined } as const);

// Each kind of window has its own options, and needs them.
dedupeWithin({ kind: 'time', ms: 5, refresh: true });
dedupeWithin({ kind: 'watermark', eventTimeOf: () => 5, delayMs: 5, latePolicy: 'emit' });
dedupeWithin({ kind: 'sequence', sequenceOf: () => [1n, 2n], size: 5, modulus: 2n ** 64n });
expectError(dedupeWithin());
expectError(dedupeWithin({ ms: 5 }));
expectError(dedupeWithin({ kind: 'time' }));
expectError(dedupeWithin({ kind: 'time', count: 5 }));
expectError(dedupeWithin({ kind: 'time', ms: 5, latePolicy: 'drop' }));
expectError(dedupeWithin({ kind: 'count', ms: 5 }));
expectError(dedupeWithin({ kind: 'count', count: 5, refresh: true }));
expectError(dedupeWithin({ kind: 'watermark', delayMs: 5 }));
expectError(dedupeWithin({ kind: 'watermark', eventTimeOf: () => 5 }));
expectError(dedupeWithin({ kind: 'sequence', size: 5 }));
expectError(dedupeWithin({ kind: 'sequence', sequenceOf: () => 5 }));
expectError(dedupeWithin({ kind: 'bloom', size: 5 }));

// Wrong values and wrong names.
expectError(dedupeWithin('5'));
expectError(dedupeWithin(new Date()));
expectError(dedupeWithin({ kind: 'watermark', eventTimeOf: () => new Date(), delayMs: 5 }));
expectError(dedupeWithin({ kind: 'sequence', sequenceOf: () => '5', size: 5 }));
expectError(dedupeWithin(5, { repeatPolicy: 'emit' }));
expectError(dedupeWithin(5, { maxKey: 5 }));
expectError(dedupeWithin(5, { keyBy: 'id' }));
expectError(dedupeWithin(5, { scheduler: 'async' }));
dedupeWithin(5, { scheduler: asyncScheduler });
