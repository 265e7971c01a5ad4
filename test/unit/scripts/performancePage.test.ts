import { describe, expect, it } from 'vitest';
import { performancePage } from '../../../scripts/performancePage.mjs';

const place = { operator: 'reorderBy', case: 'clean' };
const ratio = { median: 0.951, low: 0.9, high: 1 };

const page = performancePage({
  rows: [{ ...place, name: 'ours', nsPerMessage: 17.4, floor: ratio }],
  goals: [
    { ...place, ...ratio, against: 'floor', goal: 0.95 },
    { ...place, ...ratio, against: 'stock: tap', goal: 0.96 },
    { ...place, ...ratio, median: 0.0123, against: 'limit', goal: 1 / 20 },
  ],
  growth: [{ operator: 'slaTimeout', nsPerMessage: 50, ratio: 1.2 }],
  memory: [{ kind: 'strings', kept: 2 ** 20, peak: 3 * 2 ** 20 }],
  latency: [{ variant: 'ours', p50: 1, p99: 2.25, p999: 30, collections: 7, collectionMs: 4.2 }],
  allocations: [{ operator: 'reorderBy', collections: 3 }],
  machine: 'a machine',
});

describe('performancePage', () => {
  it('says of each goal whether it is reached', () => {
    expect(page).toContain(
      '| reorderBy | clean | floor | 0.95x | 0.95x | 0.90 to 1.00 | no |\n' +
        '| reorderBy | clean | stock: tap | 0.96x | 0.95x | 0.90 to 1.00 | yes |\n' +
        '| reorderBy | clean | limit | 0.050x | 0.012x | 0.90 to 1.00 | yes |',
    );
  });

  it('has every figure, and the machine they are from', () => {
    expect(page).toContain('| reorderBy | clean | ours | 17 | 0.95x | 0.90 to 1.00 |');
    expect(page).toContain('| slaTimeout | 50 | 1.20x |');
    expect(page).toContain('| strings | 1.0 MiB | 3.0 MiB |');
    expect(page).toContain('| ours | 1.0 | 2.3 | 30.0 | 7 | 4.2 |');
    expect(page).toContain('| reorderBy | 3 |');
    expect(page).toContain('Measured on a machine.');
  });
});
