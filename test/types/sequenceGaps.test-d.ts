import {
  asyncScheduler,
  EMPTY,
  filter,
  NEVER,
  of,
  type MonoTypeOperatorFunction,
  type Observable,
  type OperatorFunction,
} from 'rxjs';
import {
  type Gap,
  type GapMarker,
  isGapMarker,
  noSuchMessages,
  type RecoverOptions,
  sequenceGaps,
  type SequenceGapsEvent,
  type SequenceGapsOptions,
  type SequenceNumber,
} from 'rxjs-reliable';
import { expectAssignable, expectError, expectType } from 'tsd';

interface Tick {
  readonly seq: number;
  readonly symbol: 'a' | 'b';
}
declare const ticks: Observable<Tick>;
declare const tick: Tick;
const sequenceOf = (one: Tick): number => one.seq;

// Inside pipe() nothing has to be annotated. Without markers the output is T and nothing else.
expectType<Observable<Tick>>(ticks.pipe(sequenceGaps((one) => one.seq)));
expectType<Observable<Tick>>(ticks.pipe(sequenceGaps((one) => one.seq, { toleranceMs: 5 })));
expectType<Observable<Tick>>(ticks.pipe(sequenceGaps((one) => one.seq, { markers: undefined })));
expectType<Observable<Tick>>(
  ticks.pipe(sequenceGaps((one) => one.seq, { keyBy: (one) => one.symbol })),
);
expectType<MonoTypeOperatorFunction<Tick>>(sequenceGaps(sequenceOf));

// With markers it is T | GapMarker, whose key is that of keyBy.
expectType<Observable<Tick | GapMarker>>(
  ticks.pipe(sequenceGaps((one) => one.seq, { markers: 'detected' })),
);
expectType<Observable<Tick | GapMarker<'a' | 'b'>>>(
  ticks.pipe(sequenceGaps((one) => one.seq, { markers: 'lost', keyBy: (one) => one.symbol })),
);
expectType<OperatorFunction<Tick, Tick | GapMarker>>(sequenceGaps(sequenceOf, { markers: 'lost' }));
expectError<Observable<Tick>>(ticks.pipe(sequenceGaps((one) => one.seq, { markers: 'lost' })));

// isGapMarker narrows, both ways.
declare const mixed: Tick | GapMarker<string>;
if (isGapMarker<string>(mixed)) expectType<GapMarker<string>>(mixed);
else expectType<Tick>(mixed);
expectType<Observable<GapMarker>>(
  ticks.pipe(
    sequenceGaps((one) => one.seq, { markers: 'lost' }),
    filter((value) => isGapMarker<undefined>(value)),
  ),
);
declare const anything: unknown;
if (isGapMarker(anything)) {
  expectType<SequenceNumber>(anything.first);
  expectType<unknown>(anything.key);
}
declare const marker: GapMarker<string>;
expectAssignable<Gap<string>>(marker);
expectError((marker.first = 5));

// The key of events is inferred from keyBy; without it, it is undefined.
ticks.pipe(
  sequenceGaps((one) => one.seq, {
    keyBy: (one) => one.symbol,
    onEvent: (event) => expectType<SequenceGapsEvent<Tick, 'a' | 'b'>>(event),
  }),
);
ticks.pipe(
  sequenceGaps((one) => one.seq, {
    onEvent: (event) => {
      expectType<SequenceGapsEvent<Tick>>(event);
      expectType<undefined>(event.key);
    },
  }),
);

// Events narrow on `kind`.
declare const event: SequenceGapsEvent<Tick, string>;
expectType<string>(event.key);
switch (event.kind) {
  case 'gap':
    expectType<SequenceNumber>(event.count);
    expectAssignable<Gap<string>>(event);
    break;
  case 'request':
    expectType<number>(event.attempt);
    break;
  case 'request-failed':
    expectType<number>(event.attempt);
    expectType<unknown>(event.error);
    break;
  case 'fallback-failed':
    expectType<unknown>(event.error);
    break;
  case 'filled':
    expectType<'late' | 'request' | 'absent'>(event.by);
    expectType<number>(event.waitedMs);
    expectType<Tick | undefined>(event.message);
    break;
  case 'lost':
    expectType<'attempts' | 'overflow' | 'reset' | 'evicted' | 'completed' | 'unrecovered'>(
      event.reason,
    );
    break;
  case 'duplicate':
    expectType<boolean>(event.passed);
    break;
  case 'late':
    expectType<true>(event.passed);
    break;
  case 'reset':
    expectType<'epoch' | 'jump' | 'fallback'>(event.reason);
    break;
  case 'invalid':
    expectType<Tick>(event.message);
    break;
  case 'invalid-announcement':
    expectType<unknown>(event.announced);
    break;
  case 'evicted':
    expectType<string>(event.key);
    break;
  default:
    expectType<never>(event);
}

// A request may answer with anything that can be subscribed to.
const request = { maxAttempts: 1 };
for (const answer of [of(tick), [tick], EMPTY, NEVER, [noSuchMessages(1, 2), tick]]) {
  sequenceGaps(sequenceOf, { recover: { ...request, request: () => answer } });
}
sequenceGaps(sequenceOf, { recover: { request: () => Promise.resolve(tick) } });
sequenceGaps(sequenceOf, { recover: { request: () => [noSuchMessages(1n, 2n)] } });
sequenceGaps(sequenceOf, { recover: { request: () => new Set([tick]) } });
sequenceGaps(sequenceOf, {
  recover: {
    request: async function* () {
      yield await Promise.resolve(tick);
    },
  },
});
sequenceGaps(sequenceOf, {
  keyBy: (one) => one.symbol,
  recover: {
    request: (gap, attempt) => {
      expectType<Gap<'a' | 'b'>>(gap);
      expectType<number>(attempt);
      return [];
    },
    fallback: (lost) => {
      expectType<Gap<'a' | 'b'>>(lost);
      return Promise.resolve(tick);
    },
  },
});
ticks.pipe(
  sequenceGaps((one) => one.seq, {
    recover: { request: ({ first, last }) => (expectType<SequenceNumber>(first) ?? last, []) },
  }),
);
expectError(sequenceGaps(sequenceOf, { recover: {} }));
expectError(sequenceGaps(sequenceOf, { recover: { request: () => 5 } }));
expectError(sequenceGaps(sequenceOf, { recover: { request: () => ['x'] } }));
expectError(sequenceGaps(sequenceOf, { recover: { request: () => undefined } }));
expectError(
  sequenceGaps(sequenceOf, {
    recover: { request: () => [], fallback: () => [noSuchMessages(1, 2)] },
  }),
);
expectError(sequenceGaps(sequenceOf, { recover: { request: () => [], backoff: 2 } }));
expectError(sequenceGaps(sequenceOf, { recover: { request: () => [], maxAttempt: 2 } }));

// Announcements are numbers, or numbers with their key.
sequenceGaps(sequenceOf, { announced: of(1, 2n) });
sequenceGaps(sequenceOf, { announced: Promise.resolve(1) });
sequenceGaps(sequenceOf, {
  keyBy: (one) => one.symbol,
  announced: of({ key: 'a' as const, sequence: 1 }),
});
expectError(sequenceGaps(sequenceOf, { announced: of('5') }));
expectError(sequenceGaps(sequenceOf, { announced: 5 }));

// Options are read-only; wrong values and wrong names are errors.
declare const options: SequenceGapsOptions<Tick>;
declare const recover: RecoverOptions<Tick, undefined>;
expectError((options.maxGaps = 5));
expectError((recover.maxAttempts = 5));
expectAssignable<SequenceGapsOptions<Tick>>({ maxGaps: undefined, recover: undefined } as const);
expectError(sequenceGaps());
expectError(sequenceGaps((one: Tick) => one.symbol));
expectError(sequenceGaps(sequenceOf, { markers: 'all' }));
expectError(sequenceGaps(sequenceOf, { markers: true }));
expectError(sequenceGaps(sequenceOf, { duplicatePolicy: 'emit' }));
expectError(sequenceGaps(sequenceOf, { lostPolicy: 'drop' }));
expectError(sequenceGaps(sequenceOf, { tolerance: 5 }));
expectError(sequenceGaps(sequenceOf, { toleranceMs: '5' }));
expectError(sequenceGaps(sequenceOf, { first: '1' }));
expectError(sequenceGaps(sequenceOf, { modulus: '65536' }));
expectError(sequenceGaps(sequenceOf, { epochOf: 1 }));
sequenceGaps(sequenceOf, { scheduler: asyncScheduler });
expectError(sequenceGaps(sequenceOf, { scheduler: Math }));
