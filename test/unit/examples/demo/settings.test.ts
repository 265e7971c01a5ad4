import { describe, expect, it } from 'vitest';
import { readSettings, UsageError } from '../../../../examples/demo/settings.js';

describe('readSettings', () => {
  it('has the faults of the demo as defaults', () => {
    expect(readSettings([])).toMatchObject({
      messages: 2_000,
      ratePerSecond: 1_000,
      loss: 0.05,
      repeat: 0.05,
      jitterMs: 80,
      breachMs: 250,
      shards: 4,
      workers: 0,
      recover: true,
    });
  });

  it('reads every flag', () => {
    const flags = '--messages 5 --loss 0.5 --seed 7 --shards 2 --no-recover --quiet';
    expect(readSettings(flags.split(' '))).toMatchObject({
      messages: 5,
      loss: 0.5,
      seed: 7,
      shards: 2,
      recover: false,
      quiet: true,
    });
  });

  it('gives each worker a shard', () => {
    expect(readSettings(['--workers', '3'])).toMatchObject({ workers: 3, shards: 3 });
  });

  it('knows when help is asked for', () => {
    expect(readSettings(['--loss', '9', '--help'])).toBe('help');
  });

  it.each([
    '--loss 2',
    '--loss x',
    '--loss=',
    '--messages 0',
    '--messages 1.5',
    '--shards 0',
    '--workers 17',
    '--sabotage all',
    '--foo',
    'foo',
  ])('refuses %s', (flags) => {
    expect(() => readSettings(flags.split(' '))).toThrow(UsageError);
  });
});
