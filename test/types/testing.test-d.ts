import type { Arbitrary } from 'fast-check';
import {
  map,
  type MonoTypeOperatorFunction,
  type Observable,
  type SchedulerLike,
  Subject,
} from 'rxjs';
import { reorderBy, type ReorderByEvent } from 'rxjs-reliable';
import {
  type Account,
  accountFor,
  applyClockFault,
  type Arrival,
  arrivalsOf,
  type ClockRecord,
  clockScript,
  type ControlScript,
  controlScript,
  type FaultRecord,
  faultScript,
  faultyResponder,
  healFaults,
  type LinkEvent,
  lossyLink,
  operatorContract,
  type ResponderRecord,
  responderScript,
  stoppedUntilMs,
  type SwizzleRecord,
  swizzleScript,
  VirtualClock,
} from 'rxjs-reliable/testing';
import { expectAssignable, expectError, expectType } from 'tsd';

interface Tick {
  readonly seq: number;
}

const clock = new VirtualClock({ startMs: 5, strict: false, maxActions: 10 });
expectAssignable<SchedulerLike>(clock);
expectType<number>(clock.pending);
expectType<number>(clock.nextMs);
expectError(new VirtualClock({ start: 5 }));
expectError((clock.pending = 0));

expectType<Arbitrary<FaultRecord[]>>(faultScript());
faultScript({ maxMessages: 5, maxDelayMs: 5, faults: ['loss', 'restart'] });
expectError(faultScript({ faults: ['rain'] }));
expectType<Arbitrary<ControlScript>>(controlScript({ maxMs: 5 }));
expectType<Arrival[]>(arrivalsOf([{ drop: true }, {}], 7));
expectError(arrivalsOf([{ dropped: true }]));
controlScript({ controls: ['leave', 'reentrant', 'slow', 'heal'] });
expectError(controlScript({ controls: ['rest'] }));
expectType<FaultRecord[]>(healFaults([{ drop: true }], 1));
expectType<Arbitrary<ClockRecord[]>>(clockScript({ maxFaults: 2, maxMs: 5, faults: ['late'] }));
expectType<void>(applyClockFault(clock, { gapMs: 0, kind: 'back', byMs: 5 }));
expectError(clockScript({ faults: ['loss'] }));
expectType<Arbitrary<SwizzleRecord[]>>(swizzleScript({ shards: 3 }));
expectType<number>(stoppedUntilMs([{ shard: 0, gapMs: 1, holdMs: 2 }], 0, 1));
expectType<Arbitrary<ResponderRecord[]>>(responderScript({ modes: ['sync', 'stale'] }));
expectError(responderScript({ modes: ['loss'] }));
expectAssignable<(gap: { first: number | bigint; last: number | bigint }) => Observable<string>>(
  faultyResponder([], (seq) => String(seq), { scheduler: clock }),
);

const ticks = new Subject<Tick>();
expectType<MonoTypeOperatorFunction<Tick>>(lossyLink<Tick>({ loss: 0.1 }));
ticks.pipe(
  lossyLink(
    {
      loss: { ratio: 0.1, meanBurst: 4, goodRatio: 0.01, badRatio: 0.9 },
      duplicate: { ratio: 0.1, delay: 4 },
      delay: { kind: 'pareto', minMs: 4 },
      delayCorrelation: 0.5,
      reorder: { ratio: 0.1, every: 5 },
      stragglers: { ratio: 0.1, delay: 500 },
      clog: { ratio: 0.1, delay: 50, spacingMs: 1 },
      queue: { capacity: 5, dropPolicy: 'random' },
      drop: [0],
      blackout: { fromMs: 0, toMs: 9 },
      healAtMs: 500,
    },
    { seed: 4, scheduler: clock, onEvent: (event) => expectType<LinkEvent<Tick>>(event) },
  ),
  map((tick) => expectType<Tick>(tick)),
);
expectError(lossyLink({ delay: { kind: 'uniform', minMs: 4 } }));
expectError(lossyLink({ delay: { kind: 'cauchy' } }));
expectError(lossyLink({ queue: { capacity: 1, dropPolicy: 'oldest' } }));

const events: ReorderByEvent<Tick, string>[] = [];
const account = accountFor([{ seq: 1 }], [], events, { maxHeld: 1 });
expectType<Account<{ seq: number }>>(account);
expectType<{ seq: number }[]>([...account.missing]);
expectType<string | undefined>(account.problem);

operatorContract('numbers', ({ scheduler }) => {
  expectType<VirtualClock>(scheduler);
  return reorderBy((n: number) => n, { scheduler });
});
operatorContract<Tick>('ticks', () => reorderBy((tick) => tick.seq), {
  message: (seq) => ({ seq }),
  callbacks: { orderOf: { make: (_, fail) => reorderBy(fail) } },
  describe: (_name, body) => body(),
  it: (_name, body) => body(),
});
expectError(operatorContract<Tick>('ticks', () => map((n: number) => n)));
expectError(operatorContract<Tick>('ticks', () => reorderBy((t) => t.seq), { message: (i) => i }));
