import {
  asyncScheduler,
  map,
  type MonoTypeOperatorFunction,
  type Observable,
  of,
  VirtualTimeScheduler,
} from 'rxjs';
import {
  monotonicScheduler,
  reorderBy,
  type ReorderByEvent,
  type ReorderByOptions,
  type ReorderSkippedEvent,
  type SequenceNumber,
} from 'rxjs-reliable';
import { expectAssignable, expectError, expectNotAssignable, expectType } from 'tsd';

interface Tick {
  readonly seq: number;
  readonly symbol: 'a' | 'b';
  readonly at: number;
}
declare const ticks: Observable<Tick>;
const orderOf = (tick: Tick): number => tick.seq;

// Inside pipe() nothing has to be annotated, and the type of the messages stays what it is.
expectType<Observable<Tick>>(ticks.pipe(reorderBy((tick) => tick.seq)));
expectType<Observable<'a' | 'b'>>(
  ticks.pipe(
    reorderBy((tick) => expectType<Tick>(tick) ?? tick.seq, { maxWaitMs: 5 }),
    map((tick) => tick.symbol),
  ),
);
expectType<Observable<1 | 2>>(of(1 as const, 2 as const).pipe(reorderBy((n) => n)));
expectType<MonoTypeOperatorFunction<Tick>>(reorderBy(orderOf));
expectType<MonoTypeOperatorFunction<Tick>>(reorderBy(orderOf, { maxBuffer: 5 }));

// Numbers, bigints, ranges of both.
reorderBy((tick: Tick) => BigInt(tick.seq));
reorderBy((tick: Tick) => [tick.seq, tick.seq + 1] as const);
reorderBy((tick: Tick): SequenceNumber => tick.seq);
expectError(reorderBy((tick: Tick) => tick.symbol));
expectError(reorderBy((tick: Tick) => new Date(tick.at)));
expectError(reorderBy((tick: Tick) => [tick.seq] as const));
expectError(reorderBy());
expectError(ticks.pipe(reorderBy((tick) => tick.missing)));

// The key of events is inferred from keyBy; without it, it is undefined.
ticks.pipe(
  reorderBy((tick) => tick.seq, {
    keyBy: (tick) => tick.symbol,
    onEvent: (event) => expectType<ReorderByEvent<Tick, 'a' | 'b'>>(event),
  }),
);
ticks.pipe(
  reorderBy((tick) => tick.seq, {
    onEvent: (event) => {
      expectType<ReorderByEvent<Tick>>(event);
      expectType<undefined>(event.key);
    },
  }),
);

// Events narrow on `kind`.
declare const event: ReorderByEvent<Tick, string>;
expectType<
  'late' | 'skipped' | 'duplicate' | 'overflow' | 'reset' | 'invalid' | 'evicted' | 'discarded'
>(event.kind);
expectType<string>(event.key);
if (event.kind === 'late') {
  expectType<Tick>(event.message);
  expectType<SequenceNumber>(event.behind);
  expectType<boolean>(event.passed);
}
if (event.kind === 'skipped') {
  expectType<ReorderSkippedEvent<string>>(event);
  expectType<SequenceNumber>(event.first);
  expectType<'wait' | 'overflow' | 'completed' | 'evicted' | 'reset'>(event.reason);
  expectError(event.message);
}
if (event.kind === 'reset') expectType<'epoch' | 'jump'>(event.reason);
if (event.kind === 'discarded') expectType<false>(event.passed);
expectError(event.message);

// Events and options are read-only.
declare const options: ReorderByOptions<Tick>;
expectError((event.kind = 'late'));
expectError((event.key = 'x'));
expectError((options.maxWaitMs = 5));
expectAssignable<ReorderByOptions<Tick>>({ maxWaitMs: 5 } as const);
expectAssignable<ReorderByOptions<Tick>>(Object.freeze({ maxWaitMs: 5 }));
expectAssignable<ReorderByOptions<Tick>>({ maxWaitMs: undefined, keyBy: undefined });

// Each mode has its own options.
reorderBy(orderOf, { by: 'sequence', startWaitMs: 5, first: 1, modulus: 65_536 });
reorderBy(orderOf, { by: 'sparse', maxWaitMs: 5 });
reorderBy(orderOf, { by: 'time', boundMs: 5, maxSkewMs: 5 });
expectError(reorderBy(orderOf, { by: 'time' }));
expectError(reorderBy(orderOf, { by: 'sequence', boundMs: 5 }));
expectError(reorderBy(orderOf, { boundMs: 5 }));
expectError(reorderBy(orderOf, { by: 'sparse', boundMs: 5 }));
expectError(reorderBy(orderOf, { maxSkewMs: 5 }));
expectError(reorderBy(orderOf, { by: 'sparse', first: 1 }));
expectError(reorderBy(orderOf, { by: 'sparse', modulus: 65_536 }));
expectError(reorderBy(orderOf, { by: 'time', boundMs: 5, startWaitMs: 5 }));
expectError(reorderBy(orderOf, { by: 'time', boundMs: 5, epochOf: () => 1 }));
expectError(reorderBy(orderOf, { by: 'arrival' }));
expectNotAssignable<ReorderByOptions<Tick>>({ by: 'time' as const });

// Wrong values and wrong names.
expectError(reorderBy(orderOf, { overflowPolicy: 'drop' }));
expectError(reorderBy(orderOf, { latePolicy: 'skip' }));
expectError(reorderBy(orderOf, { maxWaitMs: '5' }));
expectError(reorderBy(orderOf, { maxBuffer: 5n }));
expectError(reorderBy(orderOf, { maxWait: 5 }));
expectError(reorderBy(orderOf, { keyBy: 'symbol' }));
expectError(reorderBy(orderOf, null));

// Schedulers.
reorderBy(orderOf, { scheduler: asyncScheduler });
reorderBy(orderOf, { scheduler: monotonicScheduler });
reorderBy(orderOf, { scheduler: new VirtualTimeScheduler() });
expectError(reorderBy(orderOf, { scheduler: Date }));
expectError(reorderBy(orderOf, { scheduler: { now: () => 0 } }));

// The callbacks are given messages of the right type.
reorderBy(orderOf, { previousOf: (tick) => (expectType<Tick>(tick) ?? tick.seq) - 1 });
reorderBy(orderOf, { epochOf: (tick) => expectType<Tick>(tick) ?? tick.at });
expectError(reorderBy(orderOf, { previousOf: () => 'x' }));
