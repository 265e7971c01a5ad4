import type { Observable, OperatorFunction, SchedulerLike } from 'rxjs';
import type { AccountEvent, ScriptMessage } from 'rxjs-reliable/testing';
import type { OptionRules } from './optionRules.js';
import type { SharedOptions } from './sharedCase.js';

/** What operators of the shared properties are made with. */
export interface SharedTools {
  /** The operator's clock; undefined where it has to use the default one. */
  readonly scheduler: SchedulerLike | undefined;
  /** The users' own. */
  readonly work: SchedulerLike;
  /** What that showed when the subscription began. */
  readonly beganMs: number;
  /** Hears events: `onEvent`, and a callback like any other. */
  readonly report: (event: unknown) => void;
  /** A function that users give to the operator, watched and perhaps made to throw. */
  readonly callback: <Args extends unknown[], R>(
    name: string,
    work: (...args: Args) => R,
  ) => (...args: Args) => R;
  /** A stream that the operator may subscribe beside its source, watched. */
  readonly inner: <V>(stream: Observable<V>) => Observable<V>;
}

/** What a callback's throwing comes to: the error of the stream, or a failure that is told and may be lived with. */
export type Fate = 'ends' | 'told';

/** An operator, in one of its kinds, as all shared properties see it. */
export interface SharedSubject {
  readonly name: string;
  /** The function it is made by. */
  readonly operator: string;
  /** All the functions users give to it, but for `onEvent`, which every subject has. */
  readonly callbacks: Readonly<Record<string, Fate>>;
  /** Options with which a callback is called more often, where it seldom is. */
  readonly provoke?: Readonly<Record<string, (options: SharedOptions) => SharedOptions>>;
  /** How many timers there may be at once; 0: it needs none. */
  readonly timers: (options: SharedOptions) => number;
  /** How many messages may be held, and how many inner streams be subscribed at once. */
  readonly held: (options: SharedOptions) => number;
  readonly inner: (options: SharedOptions) => number;
  /** false: it never drops a message. */
  readonly drops?: false;
  /** How many steps a message may cost, times the logarithm of what is held. Default 4. */
  readonly steps?: number;
  /** Fields of what it tells that are times of the clock. */
  readonly clockFields?: readonly string[];
  /** Whether what an event is about is not emitted, where the event does not say it by `passed`. */
  readonly isDropped?: (event: AccountEvent, options: SharedOptions) => boolean;
  /** It counts time from the subscription on. */
  readonly countsFromStart?: boolean;
  /** The field of messages that is its sequence number or order. */
  readonly label?: 'seq' | 'eventTimeMs';
  /** What its options may be. Default: as the table of all operators says. */
  readonly optionRules?: OptionRules;
  /** It emits messages that its source never sent. */
  readonly hasAnswers?: boolean;
  /** Parts of it run in a worker. */
  readonly hasWorker?: boolean;
  readonly make: (
    options: SharedOptions,
    tools: SharedTools,
  ) => OperatorFunction<ScriptMessage, unknown>;
}
