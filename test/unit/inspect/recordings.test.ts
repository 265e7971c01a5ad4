/** Real recordings that lie beside the repository; not part of it. */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { inspectRecording } from '../../../src/inspect/inspectRecording.js';
import { openRecording } from '../../../src/inspect/openRecording.js';
import { readInspectOptions } from '../../../src/inspect/readInspectOptions.js';

const folder = fileURLToPath(new URL('../../../../shared/data/', import.meta.url));
const isThere = existsSync(folder);
const title = isThere
  ? 'real recordings'
  : 'real recordings (skipped: ../shared/data is not there)';

// eslint-disable-next-line @typescript-eslint/require-await
async function* nothing(): AsyncGenerator<Uint8Array, void, void> {
  yield new Uint8Array();
}

async function inspect(file: string, ...args: readonly string[]) {
  const options = readInspectOptions([folder + file, ...args]);
  return (await inspectRecording(openRecording(options.file, nothing()), options)).report;
}

describe.skipIf(!isThere)(title, () => {
  it('RTP, late and lost', async () => {
    const report = await inspect('rtp-linphone-late-and-lost.csv', '--seq', 'seq');
    expect(report).toMatchObject({
      messages: 7_108,
      gapEvents: 18,
      missing: 54,
      filledLate: 30,
      neverSeen: 24,
      duplicates: 0,
      wraps: 0,
      displacement: { max: 38 },
    });
    expect(report.latenessMs?.max).toBeCloseTo(735, 0);
    const column = (name: 'maxWaitMs' | 'delivered' | 'late' | 'lost' | 'mostHeld'): number[] =>
      report.recommendation.map((choice) => choice[name]);
    expect(column('maxWaitMs')).toEqual([0, 20, 50, 100, 200, 400, 500, 800]);
    expect(column('delivered')).toEqual([7078, 7086, 7092, 7093, 7095, 7103, 7104, 7108]);
    expect(column('late')).toEqual([30, 22, 16, 15, 13, 5, 4, 0]);
    expect(column('lost')).toEqual([54, 46, 40, 39, 37, 29, 28, 24]);
    expect(column('mostHeld')).toEqual([0, 10, 12, 22, 31, 36, 44, 56]);
    expect(report.recommended).toMatchObject({ maxWaitMs: 800, maxBuffer: 64 });
  });

  it('Wi-Fi, 12 bits and retries', async () => {
    const report = await inspect('wifi-12bit-wrap-and-retries.csv', '--modulus', '4096');
    expect(report).toMatchObject({
      messages: 33_475,
      gapEvents: 945,
      missing: 952,
      neverSeen: 952,
      duplicates: 2_465,
      wraps: 8,
      restarts: 0,
      invalid: 0,
    });
  });

  it('Binance futures, by the previous pointer', async () => {
    const report = await inspect(
      'depth-ranges-binance-usdm-futures.csv',
      ...['--seq', 'u_last', '--previous', 'pu_previous_last', '--key', 'symbol'],
    );
    expect(report).toMatchObject({ messages: 768, keys: 4, gapEvents: 0, missing: 0, invalid: 0 });
  });

  it('Binance spot, by the covered range', async () => {
    const report = await inspect(
      'depth-ranges-binance-spot.csv',
      ...['--seq', 'u_last', '--first', 'U_first', '--key', 'symbol'],
    );
    expect(report).toMatchObject({ messages: 181, keys: 4, neverSeen: 0, invalid: 0 });
  });
});
