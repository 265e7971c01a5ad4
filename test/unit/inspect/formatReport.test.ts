import { describe, expect, it } from 'vitest';
import { alignTable } from '../../../src/inspect/alignTable.js';
import { formatReport } from '../../../src/inspect/formatReport.js';
import { readInspectOptions } from '../../../src/inspect/readInspectOptions.js';
import { inspectText } from './inspectText.js';

async function format(text: string, ...args: readonly string[]): Promise<string> {
  const inspected = await inspectText(text, args);
  return formatReport(inspected, readInspectOptions(['feed', ...args]), (title) => title);
}

describe('alignTable', () => {
  it('puts names on the left and numbers on the right', () => {
    const rows = [
      ['a', '1'],
      ['bcd', '200'],
    ];
    expect(alignTable(rows)).toEqual(['  a      1', '  bcd  200']);
  });
});

describe('formatReport', () => {
  it('says what was found, and what to do', async () => {
    const text = 't_ms,seq\n0,1\n0,3\n5,4\n30,2\n31,6\n';
    expect(await format(text, '--waits', '0,50')).toBe(
      [
        'What arrived',
        '  messages                5',
        '  keys                    1',
        '  duration          0.031 s',
        '  rate             161.3 /s',
        '  sequence number       seq',
        '  time of arrival      t_ms',
        '',
        'What was wrong',
        '  gaps                     2',
        '  numbers missing          2',
        '    filled late            1',
        '    never seen             1',
        '  duplicates               0',
        '  out of order             1',
        '    not expected any more  0',
        '  restarts                 0',
        '  invalid                  0',
        '',
        '                 p50  p90  p99  max',
        '  displacement     2    2    2    2',
        '  lateness (ms)   30   30   30   30',
        '',
        'What reorderBy would do',
        '     maxWaitMs  maxBuffer  delivered  late  lost  most held',
        '             0          1          4     1     2          0',
        '  →         50          2          5     0     1          2',
        '  → delivers everything that can be delivered',
        '',
        'To paste',
        '  reorderBy((m) => m.seq, { maxWaitMs: 50, maxBuffer: 2 })',
        '',
      ].join('\n'),
    );
  });

  it('names all fields in the code', async () => {
    const args = ['--seq', 'd.u', '--first', 'd.U', '--key', 'a-b', '--modulus', '100'];
    const rows = [1, 3, 2].map((n) => `{"d":{"U":${String(n)},"u":${String(n)}},"a-b":"x"}`);
    expect(await format(rows.join('\n'), ...args)).toContain(
      'reorderBy((m) => [m.d.U, m.d.u], { keyBy: (m) => m["a-b"], modulus: 100, maxWaitMs: Infinity, maxBuffer: 1 })',
    );
    const sparse = await format(
      'seq,pu,boot\n1,0,x\n9,5,x\n5,1,x\n',
      '--previous=pu',
      '--epoch=boot',
    );
    expect(sparse).toContain('previousOf: (m) => m.pu, epochOf: (m) => m.boot');
    expect(sparse).toContain('maxJump: Number.MAX_SAFE_INTEGER');
  });

  it('lists the ten worst keys', async () => {
    const rows = Array.from(
      { length: 12 },
      (_, k) => `k${String(k)},1\nk${String(k)},${String(k + 2)}`,
    );
    const text = await format(`key,seq\n${rows.join('\n')}\n`, '--key', 'key');
    expect(text).toContain('Per key (the worst 10 of 12)');
    expect(text).toMatch(/p99 ms\n {2}k11 .*\n {2}k10 /);
    expect(text).not.toMatch(/ k0 /);
  });

  it('says what to think of it', async () => {
    expect(await format('seq\n1\n2\n')).toContain('Nothing came out of order');
    expect(await format('seq\n1\n2\n')).toContain('No times');
    expect(await format('t,seq\n5,1\n1,2\n')).toContain('The time runs backwards 1 times: is "t"');
    expect(await format('seq\n1\nx\n', '--skip-invalid')).toContain('1 records could not be read');
    expect(await format('k,seq\na,1\nb,1\n', '--key=k', '--max-keys=1')).toContain('More keys');
  });
});
