import type { Arbitrary } from 'fast-check';
import { map, type MonoTypeOperatorFunction, type SchedulerLike, Subject } from 'rxjs';
import { reorderBy, type ReorderByEvent } from 'rxjs-reliable';
import {
  type Account,
  accountFor,
  type Arrival,
  arrivalsOf,
  type ControlScript,
  controlScript,
  type FaultRecord,
  faultScript,
  type LinkEvent,
  lossyLink,
  operatorContract,
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

const ticks = new Subject<Tick>();
expectType<MonoTypeOperatorFunction<Tick>>(lossyLink<Tick>({ loss: 0.1 }));
ticks.pipe(
  lossyLink(
    {
      loss: { ratio: 0.1, meanBurst: 4 },
      duplicate: { ratio: 0.1, delay: 4 },
      delay: { kind: 'pareto', minMs: 4 },
      blackout: { fromMs: 0, toMs: 9 },
    },
    { seed: 4, scheduler: clock, onEvent: (event) => expectType<LinkEvent<Tick>>(event) },
  ),
  map((tick) => expectType<Tick>(tick)),
);
expectError(lossyLink({ delay: { kind: 'uniform', minMs: 4 } }));
expectError(lossyLink({ delay: { kind: 'cauchy' } }));

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
