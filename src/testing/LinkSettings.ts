import { OptionReader } from '../options.js';
import { BurstLoss } from './BurstLoss.js';
import type { Delay } from './Delay.js';
import type { LinkFaults } from './LinkFaults.js';

/** The faults of a link, every one of them said. */
export interface LinkSettings {
  readonly loss: { readonly ratio: number; readonly meanBurst: number };
  readonly duplicate: { readonly ratio: number; readonly copies: number; readonly delay: Delay };
  readonly delay: Delay;
  readonly blackout: { readonly fromMs: number; readonly toMs: number };
  /** In order of time. */
  readonly resetsMs: readonly number[];
  readonly tail: number;
  readonly seed: number;
}

const ratio = 'a number from 0 to 1';

/** Checks the arguments of {@link lossyLink}. */
export function readLinkSettings(faults: LinkFaults, options: object): LinkSettings {
  const known = new OptionReader('lossyLink', options);
  known.scheduler();
  known.callback('onEvent');
  new OptionReader('lossyLink', faults);
  const delay = readDelay('delay', faults.delay ?? 0);
  return {
    loss: readLoss(faults.loss ?? 0),
    duplicate: readDuplicates(faults.duplicate ?? 0, delay),
    delay,
    blackout: readBlackout(faults.blackout),
    resetsMs: readResets(faults.resets ?? []),
    tail: new OptionReader('lossyLink', faults).count('tail', 0, 0, 10_000),
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
  const least = BurstLoss.leastMeanBurst(lost);
  const expected = `a number of messages, at least ${String(least)} for this ratio`;
  const independent = 1 / (1 - lost);
  return {
    ratio: lost,
    meanBurst: reader.number('loss.meanBurst', independent, least, Infinity, expected),
  };
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
  const kinds = ['uniform', 'exponential', 'normal', 'pareto'] as const;
  const kind = reader.choice(`${name}.kind`, '' as (typeof kinds)[number], kinds);
  const meanOrLeast = kind === 'uniform' || kind === 'pareto' ? 'minMs' : 'meanMs';
  const least = duration(meanOrLeast, NaN);
  const maxMs = duration('maxMs', kind === 'uniform' ? NaN : 60_000);
  if (kind === 'uniform' && maxMs < least)
    reader.refuse(`${name}.maxMs`, `\`${name}.minMs\` or more`);
  if (kind === 'normal') duration('deviationMs', NaN);
  if (kind === 'pareto') {
    reader.number(`${name}.shape`, 3, Number.MIN_VALUE, Infinity, 'a number above 0');
  }
  return delay;
}
