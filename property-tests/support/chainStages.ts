import * as fc from 'fast-check';
import {
  filter,
  type Observable,
  of,
  type OperatorFunction,
  type SchedulerLike,
  Subject,
} from 'rxjs';
import {
  dedupeWithin,
  type DedupeWindowOptions,
  eachMessage,
  type Gap,
  type KeyedAnnouncement,
  mergeShards,
  reorderBy,
  sequenceGaps,
  shardBy,
  slaTimeout,
} from 'rxjs-reliable';
import type { MakeOperator } from './runTimed.js';
import { takingTime } from './shardCases.js';

/** A message of one of several senders. */
export interface Message {
  readonly seq: number;
  readonly key: number;
}

/** A sender's last word. */
export interface Mark {
  readonly sentUpTo: number;
  readonly key: number;
}

/** What arrives. */
export type Item = Message | Mark;

/** The operators that messages go through; `shards` is shardBy and mergeShards. */
export type StageName = 'dedupe' | 'gaps' | 'reorder' | 'sla' | 'shards';

/** How they are set, as plain JSON; null: without limit. */
export interface ChainRules {
  readonly window: 'time' | 'count' | 'sequence';
  readonly toleranceMs: number;
  readonly maxAttempts: number;
  readonly timeoutMs: number;
  readonly maxInFlight: number;
  readonly maxRange: number;
  readonly maxWaitMs: number | null;
  readonly maxBuffer: number;
  readonly silenceMs: number;
  readonly shards: number;
  /** How long the longest of the work in shards takes. */
  readonly workMs: number;
}

const upTo = (max: number, min = 0): fc.Arbitrary<number> => fc.integer({ min, max });

/** Draws how they are set. */
export const chainRules: fc.Arbitrary<ChainRules> = fc.record({
  window: fc.constantFrom('time', 'count', 'sequence'),
  toleranceMs: fc.oneof(fc.constant(0), upTo(80)),
  maxAttempts: upTo(4, 1),
  timeoutMs: upTo(100, 10),
  maxInFlight: upTo(8, 1),
  maxRange: fc.oneof(fc.constant(1_024), upTo(10, 1)),
  maxWaitMs: upTo(400),
  maxBuffer: fc.oneof(fc.constant(1_024), upTo(20, 1)),
  silenceMs: upTo(300, 1),
  shards: upTo(4, 1),
  workMs: fc.oneof(fc.constant(0), upTo(30)),
});

/** How the sender is asked again. */
export type Ask = (
  gap: Gap<number>,
  attempt: number,
  scheduler: SchedulerLike,
) => Observable<Message>;

/** Hears the events of each operator. */
export type Tell = (stage: StageName) => (event: object) => void;

const windows: Readonly<Record<ChainRules['window'], DedupeWindowOptions<Message>>> = {
  time: { kind: 'time', ms: 3_600_000 },
  count: { kind: 'count', count: 1_000 },
  sequence: { kind: 'sequence', size: 1_024, sequenceOf: ({ seq }) => seq },
};
const keyBy = ({ key }: Message): number => key;
const isNumber = (seq: number): boolean => Number.isSafeInteger(seq) && seq >= 0;
const seqOf = ({ seq }: Message): number => seq;

type Stage = OperatorFunction<Message, Message>;
type Announced = Observable<KeyedAnnouncement<number>>;

function stageOf(
  name: StageName,
  rules: ChainRules,
  scheduler: SchedulerLike,
  onEvent: (event: object) => void,
  ask: Ask,
  announced: Announced,
): Stage {
  const timed = { scheduler, onEvent };
  switch (name) {
    case 'dedupe': {
      // What has no number repeats nothing.
      const numbered = (message: Message): unknown =>
        isNumber(message.seq) ? message.key * 65_536 + message.seq : message;
      const by = rules.window === 'sequence' ? keyBy : numbered;
      return dedupeWithin<Message, unknown>(windows[rules.window], { ...timed, keyBy: by });
    }
    case 'gaps': {
      const { toleranceMs } = rules;
      const request = (gap: Gap<number>, attempt: number): Observable<Message> =>
        ask(gap, attempt, scheduler);
      const recover = { ...rules, request };
      const options = { ...timed, keyBy, first: 0, toleranceMs, announced, recover };
      return sequenceGaps<Message, number>(seqOf, options);
    }
    case 'reorder': {
      const { maxBuffer, maxWaitMs } = rules;
      const limits = { maxBuffer, maxWaitMs: maxWaitMs ?? Infinity };
      return reorderBy<Message, number>(seqOf, { ...timed, ...limits, keyBy, first: 0 });
    }
    case 'sla':
      return slaTimeout<Message, number>({ silenceMs: rules.silenceMs }, { ...timed, keyBy });
    case 'shards': {
      const { shards, workMs } = rules;
      const workMsOf = ({ seq }: Message): number => (isNumber(seq) ? (seq * 7) % (workMs + 1) : 0);
      const work = (message: Message): Observable<Message> =>
        of(message).pipe(takingTime(workMsOf(message), scheduler));
      return (source) =>
        source.pipe(
          shardBy<Message, number>(keyBy, { shards, onEvent }),
          mergeShards(eachMessage(work, { concurrency: 3 }), { order: 'source', onEvent }),
        );
    }
  }
}

/** The operators one after another; the marks among the items go to sequenceGaps, past whatever comes before it. */
export function chainOf(
  names: readonly StageName[],
  rules: ChainRules,
  ask: Ask,
  scheduler: SchedulerLike,
  tell: Tell,
): OperatorFunction<Item, Message> {
  return (source) => {
    const marks = new Subject<KeyedAnnouncement<number>>();
    const isMessage = (item: Item): item is Message => {
      if ('sentUpTo' in item) marks.next({ key: item.key, sequence: item.sentUpTo });
      return 'seq' in item;
    };
    return names.reduce<Observable<Message>>(
      (stream, name) =>
        stream.pipe(stageOf(name, rules, scheduler, tell(name), ask, marks.asObservable())),
      source.pipe(filter(isMessage)),
    );
  };
}

/** The same, for `runTimed`: each event in the log says whose it is. */
export function chain(
  names: readonly StageName[],
  rules: ChainRules,
  ask: Ask,
): MakeOperator<Item> {
  return (scheduler, report) =>
    chainOf(names, rules, ask, scheduler, (stage) => (event) => report({ ...event, stage }));
}
