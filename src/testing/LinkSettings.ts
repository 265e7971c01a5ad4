import { OptionReader } from '../options.js';
import { BurstLoss, type BurstLossRatios } from './BurstLoss.js';
import type { Delay } from './Delay.js';
import type { LinkFaults, LinkQueue } from './LinkFaults.js';

/** The faults of a link, every one of them said. */
export interface LinkSettings {
  readonly loss: BurstLossRatios;
  readonly duplicate: { readonly ratio: number; readonly copies: number; readonly delay: Delay };
  readonly delay: Delay;
  readonly delayCorrelation: number;
  readonly reorder: { readonly ratio: number; readonly every: number };
  readonly stragglers: { readonly ratio: number; readonly delay: Delay };
  readonly clog: { readonly ratio: number; readonly delay: Delay; readonly spacingMs: number };
  readonly queue: Required<LinkQueue>;
  readonly drop: ReadonlySet<number>;
  readonly blackout: { readonly fromMs: number; readonly toMs: number };
  /** In order of time. */
  readonly resetsMs: readonly number[];
  readonly tail: number;
  readonly healAtMs: number;
  readonly seed: number;
}

const ratio = 'a number from 0 to 1';

/** Checks the arguments of {@link lossyLink}. */
export function readLinkSettings(faults: LinkFaults, options: object): LinkSettings {
  const known = new OptionReader('lossyLink', options);
  known.scheduler();
  known.callback('onEvent');
  const own = new OptionReader('lossyLink', faults);
  const delay = readDelay('delay', faults.delay ?? 0);
  const healAtMs = own.duration('healAtMs', Infinity);
  return {
    loss: readLoss(faults.loss ?? 0),
    duplicate: readDuplicates(faults.duplicate ?? 0, delay),
    delay,
    delayCorrelation: readCorrelation(own),
    reorder: readReorder(faults.reorder ?? 0),
    stragglers: readStragglers(faults.stragglers),
    clog: readClog(faults.clog),
    queue: readQueue(faults.queue ?? Infinity),
    drop: readDrop(faults.drop ?? []),
    blackout: readBlackout(faults.blackout),
    resetsMs: readResets(faults.resets ?? []).filter((resetMs) => resetMs < healAtMs),
    tail: own.count('tail', 0, 0, 10_000),
    healAtMs,
    seed: known.count('seed', 1, -Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER),
  };
}

/** A reader of the object that is the option `name`: its fields are reported as `name.field`. */
function readerOf(name: string, value: unknown, simpleField: string): OptionReader {
  const fields = typeof value === 'object' && value !== null ? value : { [simpleField]: value };
  return new OptionReader(
    'lossyLink',
    Object.fromEntries(Object.entries(fields).map(([field, read]) => [`${name}.${field}`, read])),
  );
}

function readLoss(loss: NonNullable<LinkFaults['loss']>): LinkSettings['loss'] {
  const reader = readerOf('loss', loss, 'ratio');
  const lost = reader.number('loss.ratio', NaN, 0, 1, ratio);
  const good = reader.number('loss.goodRatio', 0, 0, lost, 'a number from 0 to `loss.ratio`');
  const bad = reader.number('loss.badRatio', 1, lost, 1, 'a number from `loss.ratio` to 1');
  const share = BurstLoss.badShare({ ratio: lost, good, bad });
  const least = BurstLoss.leastMeanBurst(share);
  const expected = `a number of messages, at least ${String(least)} for this ratio`;
  const independent = 1 / (1 - share);
  const meanBurst = reader.number('loss.meanBurst', independent, least, Infinity, expected);
  return { ratio: lost, meanBurst, good, bad };
}

function readCorrelation(reader: OptionReader): number {
  const expected = 'a number from 0 to 1, 1 not included';
  return reader.number('delayCorrelation', 0, 0, 1 - Number.EPSILON, expected);
}

function readReorder(reorder: NonNullable<LinkFaults['reorder']>): LinkSettings['reorder'] {
  const reader = readerOf('reorder', reorder, 'ratio');
  return {
    ratio: reader.number('reorder.ratio', NaN, 0, 1, ratio),
    every: reader.count('reorder.every', 1, 1),
  };
}

function readStragglers(stragglers: LinkFaults['stragglers']): LinkSettings['stragglers'] {
  if (stragglers === undefined) return { ratio: 0, delay: 0 };
  const reader = readerOf('stragglers', stragglers, 'ratio');
  return {
    ratio: reader.number('stragglers.ratio', NaN, 0, 1, ratio),
    delay: readDelay('stragglers.delay', stragglers.delay),
  };
}

function readClog(clog: LinkFaults['clog']): LinkSettings['clog'] {
  if (clog === undefined) return { ratio: 0, delay: 0, spacingMs: 0 };
  const reader = readerOf('clog', clog, 'ratio');
  return {
    ratio: reader.number('clog.ratio', NaN, 0, 1, ratio),
    delay: readDelay('clog.delay', clog.delay),
    spacingMs: reader.count('clog.spacingMs', 0, 0, Number.MAX_SAFE_INTEGER),
  };
}

function readQueue(queue: NonNullable<LinkFaults['queue']>): LinkSettings['queue'] {
  if (queue === Infinity) return { capacity: Infinity, dropPolicy: 'newest' };
  const reader = readerOf('queue', queue, 'capacity');
  return {
    capacity: reader.count('queue.capacity', NaN, 1),
    dropPolicy: reader.choice<'newest' | 'random'>('queue.dropPolicy', 'newest', [
      'newest',
      'random',
    ]),
  };
}

function readDrop(drop: readonly number[]): ReadonlySet<number> {
  const reader = readerOf('drop', drop, '0');
  for (const index of drop.keys()) {
    reader.count(`drop.${String(index)}`, NaN, 0, Number.MAX_SAFE_INTEGER);
  }
  return new Set(drop);
}

function readDuplicates(
  duplicate: NonNullable<LinkFaults['duplicate']>,
  delay: Delay,
): LinkSettings['duplicate'] {
  const reader = readerOf('duplicate', duplicate, 'ratio');
  const own = typeof duplicate === 'number' ? undefined : duplicate.delay;
  return {
    ratio: reader.number('duplicate.ratio', NaN, 0, 1, ratio),
    copies: reader.count('duplicate.copies', 1, 1, 100),
    delay: own === undefined ? delay : readDelay('duplicate.delay', own),
  };
}

function readBlackout(blackout: LinkFaults['blackout']): LinkSettings['blackout'] {
  if (blackout === undefined) return { fromMs: Infinity, toMs: Infinity };
  const reader = readerOf('blackout', blackout, 'fromMs');
  const fromMs = reader.duration('blackout.fromMs', NaN);
  const expected = 'a number of milliseconds, `blackout.fromMs` or more';
  return { fromMs, toMs: reader.number('blackout.toMs', NaN, fromMs, Infinity, expected) };
}

function readResets(resets: readonly number[]): readonly number[] {
  const reader = readerOf('resets', resets, '0');
  for (const index of resets.keys()) reader.duration(`resets.${String(index)}`, NaN);
  return [...resets].sort((one, other) => one - other);
}

function readDelay(name: string, delay: Delay): Delay {
  const reader = readerOf(name, delay, 'ms');
  const duration = (field: string, fallback: number): number =>
    reader.number(
      `${name}.${field}`,
      fallback,
      0,
      Number.MAX_SAFE_INTEGER,
      'a finite number of milliseconds, 0 or more',
    );
  if (typeof delay !== 'object') {
    duration('ms', NaN);
    return delay;
  }
  const kinds = ['uniform', 'exponential', 'normal', 'pareto', 'paretonormal'] as const;
  const kind = reader.choice(`${name}.kind`, '' as (typeof kinds)[number], kinds);
  const meanOrLeast = kind === 'uniform' || kind === 'pareto' ? 'minMs' : 'meanMs';
  const least = duration(meanOrLeast, NaN);
  const maxMs = duration('maxMs', kind === 'uniform' ? NaN : 60_000);
  if (kind === 'uniform' && maxMs < least)
    reader.refuse(`${name}.maxMs`, `\`${name}.minMs\` or more`);
  if (kind === 'normal' || kind === 'paretonormal') duration('deviationMs', NaN);
  if (kind === 'pareto') {
    reader.number(`${name}.shape`, 3, Number.MIN_VALUE, Infinity, 'a number above 0');
  }
  return delay;
}
