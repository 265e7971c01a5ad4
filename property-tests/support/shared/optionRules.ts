/** Which numbers the options of each operator may be. */
import { NEVER } from 'rxjs';
import {
  dedupeWithin,
  type DedupeWindowOptions,
  eachMessage,
  mergeShards,
  reorderBy,
  sequenceGaps,
  type Shard,
  shardBy,
  slaTimeout,
} from 'rxjs-reliable';
import { inWorker } from 'rxjs-reliable/worker';

type Rule = (value: unknown) => boolean;

/** How an operator is made with one option, and which values each may have. */
export interface OptionRules {
  /** Makes the operator with one option that is given; a dot leads into a group. */
  readonly make: (option: string, value: unknown) => unknown;
  readonly options: Readonly<Record<string, Rule>>;
}

const isLeftOut = (value: unknown): boolean => value === undefined;
const count = (least = 1, most = 2 ** 24): Rule => {
  const rule = (value: unknown): boolean =>
    typeof value === 'number' && Number.isSafeInteger(value) && value >= least && value <= most;
  return (value) => isLeftOut(value) || rule(value);
};
const number = (least: number, most = Infinity): Rule => {
  const rule = (value: unknown): boolean =>
    typeof value === 'number' && value >= least && value <= most;
  return (value) => isLeftOut(value) || rule(value);
};
const duration = number(0);
const sequence = (least: number): Rule => {
  const rule = (value: unknown): boolean =>
    (typeof value === 'bigint' || Number.isSafeInteger(value)) && (value as number) >= least;
  return (value) => isLeftOut(value) || rule(value);
};
/** It cannot be left out. */
const needed =
  (rule: Rule): Rule =>
  (value) =>
    !isLeftOut(value) && rule(value);

const self = (message: number): number => message;
const keys = { maxKeys: count() };
const numbering = {
  ...keys,
  first: sequence(0),
  modulus: sequence(3),
  maxJump: count(1, 2 ** 53 - 1),
  maxMisorder: count(0, 2 ** 53 - 1),
  restartAfter: count(1, 1_024),
};
const holding = { maxWaitMs: duration, maxBuffer: count() };

/** What is given to one group of options; to no other. */
function inGroup(group: string, option: string, value: unknown): object {
  const prefix = group === '' ? '' : `${group}.`;
  const name = option.slice(prefix.length);
  return option.startsWith(prefix) && !name.includes('.') ? { [name]: value } : {};
}

function makeGaps(option: string, value: unknown): unknown {
  const recover = { request: () => NEVER, ...inGroup('recover', option, value) };
  const backoff = inGroup('recover.backoff', option, value);
  return sequenceGaps(self, {
    ...inGroup('', option, value),
    recover: { ...recover, backoff },
  });
}

const gapRules: OptionRules = {
  make: makeGaps,
  options: { ...numbering, toleranceMs: duration, maxGaps: count() },
};

function windowRules(window: DedupeWindowOptions<number>, options: OptionRules['options']) {
  const make: OptionRules['make'] = (option, value) =>
    dedupeWithin({ ...window, ...inGroup('window', option, value) }, inGroup('', option, value));
  return { make, options: { ...keys, ...options } };
}

const transaction = { startOf: self, finishOf: self, withinMs: 5 };
const slaRules: OptionRules = {
  make: (option, value) =>
    slaTimeout(
      {
        ...{ silenceMs: 5, firstMs: 5, responseMs: 5, eventTimeOf: self },
        ...inGroup('limits', option, value),
        transaction: { ...transaction, ...inGroup('limits.transaction', option, value) },
      },
      {
        ...inGroup('', option, value),
        objective: { ratio: 0.5, windowMs: 60, ...inGroup('objective', option, value) },
      },
    ),
  options: {
    ...{ 'limits.silenceMs': duration, 'limits.firstMs': duration, 'limits.totalMs': duration },
    ...{ 'limits.responseMs': duration, 'limits.transaction.withinMs': needed(duration) },
    ...{ maxKeys: count(), softMs: number(Number.MIN_VALUE) },
    'objective.ratio': needed(number(Number.MIN_VALUE, 1)),
    'objective.windowMs': needed(number(1, Number.MAX_VALUE)),
  },
};

function mergeRules(order: object | undefined, options: OptionRules['options']): OptionRules {
  const make: OptionRules['make'] = (option, value) =>
    mergeShards((shard: Shard<number>) => shard, {
      ...inGroup('', option, value),
      ...(order === undefined ? {} : { order: { ...order, ...inGroup('order', option, value) } }),
    } as object);
  return { make, options: { maxRestarts: count(0), maxBuffer: count(), ...options } };
}

/** By subject. */
export const optionRules: Readonly<Record<string, OptionRules>> = {
  sequenceGaps: gapRules,
  'sequenceGaps that asks': {
    make: makeGaps,
    options: {
      'recover.maxAttempts': count(1, 1_000),
      'recover.timeoutMs': number(1),
      'recover.delayMs': duration,
      'recover.deadlineMs': duration,
      'recover.maxInFlight': count(1, 65_536),
      'recover.maxRange': count(),
      'recover.backoff.factor': number(1, Number.MAX_VALUE),
      'recover.backoff.maxMs': number(1),
      'recover.backoff.jitter': number(0, 1),
    },
  },
  'reorderBy sequence': {
    make: (option, value) => reorderBy(self, inGroup('', option, value)),
    options: { ...numbering, ...holding, startWaitMs: duration },
  },
  'reorderBy sparse': {
    make: (option, value) => reorderBy(self, { by: 'sparse', ...inGroup('', option, value) }),
    options: { ...keys, ...holding },
  },
  'reorderBy time': {
    make: (option, value) =>
      reorderBy(self, { by: 'time', boundMs: 5, ...inGroup('', option, value) }),
    options: { ...keys, ...holding, boundMs: needed(duration), maxSkewMs: duration },
  },
  'dedupeWithin time': windowRules({ kind: 'time', ms: 5 }, { 'window.ms': needed(duration) }),
  'dedupeWithin count': windowRules(
    { kind: 'count', count: 5 },
    { 'window.count': needed(count()) },
  ),
  'dedupeWithin watermark': windowRules(
    { kind: 'watermark', eventTimeOf: self, delayMs: 5 },
    { 'window.delayMs': needed(duration), 'window.maxSkewMs': duration },
  ),
  'dedupeWithin sequence': windowRules(
    { kind: 'sequence', size: 5, sequenceOf: self },
    {
      ...{ 'window.size': needed(count()), 'window.modulus': sequence(3) },
      ...{ 'window.maxJump': count(1, 2 ** 53 - 1), 'window.restartAfter': count(1, 1_024) },
    },
  ),
  slaTimeout: slaRules,
  'slaTimeout per key': slaRules,
  shardBy: {
    make: (option, value) => shardBy('round-robin', { shards: 2, ...inGroup('', option, value) }),
    options: { shards: needed(count(1, 1_024)), seed: count(0, 2 ** 32 - 1), maxPending: count() },
  },
  'mergeShards in order of arrival': mergeRules(undefined, {}),
  'mergeShards in source order': mergeRules(undefined, {}),
  'mergeShards by number': mergeRules(
    { by: self, idleMs: 5 },
    { 'order.idleMs': needed(duration) },
  ),
  eachMessage: {
    make: (option, value) => eachMessage(() => NEVER, inGroup('', option, value)),
    options: { concurrency: (value) => value === Infinity || count()(value) },
  },
  inWorker: {
    make: (option, value) => inWorker(() => ({}) as never, inGroup('', option, value)),
    options: { maxBatch: count(), maxInFlight: count(), maxWaitMs: number(0, 60_000) },
  },
};
