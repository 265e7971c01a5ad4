import {
  map,
  type MonoTypeOperatorFunction,
  type Observable,
  of,
  type OperatorFunction,
} from 'rxjs';
import {
  isSlaBreach,
  type SlaBreach,
  type SlaBreachEvent,
  type SlaLimit,
  slaTimeout,
  type SlaTimeoutEvent,
  type SlaTimeoutOptions,
} from 'rxjs-reliable';
import { expectAssignable, expectError, expectType } from 'tsd';

interface Sample {
  readonly device: string;
  readonly sentAt: number;
  readonly call?: number;
}

const samples: Observable<Sample> = of({ device: 'a', sentAt: 0 });

// The stream keeps its type.
expectType<MonoTypeOperatorFunction<Sample>>(slaTimeout<Sample>(500));
expectType<Observable<Sample>>(samples.pipe(slaTimeout(500)));
expectType<Observable<Sample>>(
  samples.pipe(
    slaTimeout(
      {
        firstMs: 1_000,
        silenceMs: 500,
        totalMs: 60_000,
        responseMs: 250,
        eventTimeOf: (sample) => expectSample(sample).sentAt,
        transaction: {
          startOf: (sample) => expectSample(sample).call,
          finishOf: ({ call }) => call,
          withinMs: 100,
        },
      },
      {
        keyBy: (sample) => expectSample(sample).device,
        maxKeys: 5,
        softMs: 0.8,
        breachPolicy: 'drop',
        objective: { ratio: 0.99, windowMs: 60_000 },
      },
    ),
  ),
);

function expectSample(sample: Sample): Sample {
  expectType<Sample>(sample);
  return sample;
}

// Markers are told apart.
expectType<OperatorFunction<Sample, Sample | SlaBreach<Sample>>>(
  slaTimeout<Sample>(500, { markers: true }),
);
samples.pipe(
  slaTimeout(500, { markers: true, keyBy: ({ device }) => device }),
  map((value) => {
    expectType<Sample | SlaBreach<Sample, string>>(value);
    if (isSlaBreach<Sample, string>(value)) {
      expectType<SlaLimit>(value.limit);
      expectType<string>(value.key);
      return 0;
    }
    return expectSample(value).sentAt;
  }),
);
expectType<Observable<Sample>>(samples.pipe(slaTimeout(500, { markers: false })));

// Events are told apart by their kind, and know the key.
samples.pipe(
  slaTimeout(500, {
    keyBy: ({ device }) => device,
    onEvent: (event) => {
      expectType<SlaTimeoutEvent<Sample, string>>(event);
      expectType<string>(event.key);
      switch (event.kind) {
        case 'breach':
        case 'warning':
          expectType<number>(event.elapsedMs);
          expectType<Sample | undefined>(event.message);
          break;
        case 'recovered':
          expectType<number>(event.lateByMs);
          expectType<number>(event.deadlineMs);
          break;
        case 'abandoned':
          expectType<'completed' | 'error' | 'switched' | 'overflow'>(event.reason);
          break;
        case 'invalid':
          expectType<Sample>(event.message);
          expectAssignable<string>(event.reason);
          break;
        case 'objective-met':
        case 'objective-missed':
          expectType<number>(event.burnRate);
          break;
        default:
          expectType<never>(event);
      }
    },
  }),
);
samples.pipe(slaTimeout(500, { onEvent: (event) => expectType<undefined>(event.key) }));
samples.pipe(
  slaTimeout(500, {
    breachPolicy: 'switch',
    switchTo: (breach) => {
      expectType<SlaBreachEvent<Sample, undefined>>(breach);
      return samples;
    },
  }),
);

// What cannot be.
expectError(slaTimeout());
expectError(slaTimeout('500'));
expectError(slaTimeout({ silence: 500 }));
expectError(slaTimeout<Sample>({ responseMs: 5, eventTimeOf: ({ device }) => device }));
expectError(slaTimeout({ transaction: { startOf: () => 1, finishOf: () => 1 } }));
expectError(slaTimeout(500, { breachPolicy: 'ignore' }));
expectError(slaTimeout(500, { objective: { ratio: 0.9 } }));
expectError(slaTimeout<Sample>(500, { switchTo: () => of(5) }));
declare const options: SlaTimeoutOptions<Sample>;
expectError((options.softMs = 5));
