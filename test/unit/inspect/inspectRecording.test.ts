import { describe, expect, it } from 'vitest';
import { inspectText } from './inspectText.js';

const csv = (...rows: readonly (readonly (number | string)[])[]): string =>
  ['t_ms,seq', ...rows.map((row) => row.join(','))].join('\n');

const report = async (...args: Parameters<typeof inspectText>) =>
  (await inspectText(...args)).report;

describe('what a recording suffers from', () => {
  it('is nothing in an orderly one', async () => {
    expect(await report(csv([0, 1], [10, 2], [20, 3]))).toMatchObject({
      messages: 3,
      keys: 1,
      gapEvents: 0,
      missing: 0,
      outOfOrder: 0,
      duplicates: 0,
      invalid: 0,
      durationMs: 20,
      latenessMs: { max: 0 },
      recommended: { maxWaitMs: 0, maxBuffer: 1, delivered: 3, late: 0, lost: 0 },
      perKey: {},
    });
  });

  it('is counted: gaps, late ones, lost ones, duplicates', async () => {
    // 2, 3 and 4 are missed at 10; 3 comes 20 ms later, two below 5; 2 comes 45 ms later, four below 6; 4 never.
    const text = csv([0, 1], [10, 5], [30, 3], [40, 6], [40, 6], [55, 2], [60, 7], [65, 1]);
    expect(await report(text)).toMatchObject({
      messages: 8,
      gapEvents: 1,
      missing: 3,
      filledLate: 2,
      neverSeen: 1,
      duplicates: 2,
      outOfOrder: 2,
      unexpected: 0,
      displacement: { p50: 2, p90: 4, p99: 4, max: 4 },
      latenessMs: { p50: 20, p90: 45, max: 45 },
    });
  });

  it('has no times if the recording has none', async () => {
    const { report: found, used } = await inspectText('seq\n1\n3\n2\n4\n');
    expect(used).toEqual({ seq: 'seq', time: undefined });
    expect(found).toMatchObject({
      gapEvents: 1,
      filledLate: 1,
      latenessMs: null,
      durationMs: null,
      displacement: { max: 1 },
      recommended: { maxWaitMs: Infinity, maxBuffer: 1, delivered: 4, late: 0, lost: 0 },
    });
  });

  it('counts wraps, restarts, and numbers not to be believed', async () => {
    const wrapping = csv([0, 14], [1, 15], [2, 0], [3, 1], [4, 15]);
    expect(await report(wrapping, ['--modulus', '16'])).toMatchObject({
      wraps: 1,
      gapEvents: 0,
      duplicates: 1,
    });
    const numbers = [500_000, 500_001, 3, 500_002, 0, 1, 2, 3, 4, 5];
    const restarting = csv(...numbers.map((seq, t) => [t, seq]));
    expect(await report(restarting)).toMatchObject({ restarts: 1, invalid: 1, missing: 0 });
  });

  it('is told per key, and in total', async () => {
    const rows = ['a,1', 'b,1', 'a,3', 'b,2', 'a,2', '__proto__,9'];
    const text = `key,seq\n${rows.join('\n')}\n`;
    const found = await report(text, ['--key', 'key']);
    expect(found).toMatchObject({ messages: 6, keys: 3, gapEvents: 1, missing: 1, filledLate: 1 });
    expect(Object.keys(found.perKey)).toEqual(['a', 'b', '__proto__']);
    expect(found.perKey['a']).toMatchObject({ messages: 3, missing: 1, displacement: { max: 1 } });
    expect(found.perKey['b']).toMatchObject({ messages: 2, missing: 0 });
    const fewer = await report(text, ['--key', 'key', '--max-keys', '1']);
    expect(fewer).toMatchObject({ messages: 6, keys: 1, moreKeys: true });
    expect(Object.keys(fewer.perKey)).toEqual(['a']);
  });

  it('takes ranges, pointers and epochs', async () => {
    const ranges = 'first,seq\n1,4\n5,7\n,8\n11,12\n9,10\n';
    expect(await report(ranges, ['--first', 'first'])).toMatchObject({
      gapEvents: 1,
      missing: 2,
      filledLate: 2,
      outOfOrder: 1,
    });
    const pointers = 'seq,pu\n10,\n700000,10\n700005,700000\n700100,700007\n';
    expect(await report(pointers, ['--previous', 'pu'])).toMatchObject({
      gapEvents: 1,
      missing: 2,
    });
    const epochs = 'seq,boot\n7,x\n8,x\n1,y\n2,y\n';
    expect(await report(epochs, ['--epoch', 'boot'])).toMatchObject({ restarts: 1, missing: 0 });
  });

  it('takes numbers beyond 2^53, as text or as JSON numbers', async () => {
    const numbers = ['18446744073709551612', '18446744073709551613', '18446744073709551615'];
    const expected = { messages: 3, gapEvents: 1, missing: 1, invalid: 0 };
    expect(await report(`seq\n${numbers.join('\n')}\n`)).toMatchObject(expected);
    const asNumbers = numbers.map((seq) => `{"seq":${seq}}`).join('\n');
    expect(await report(asNumbers)).toMatchObject(expected);
    await expect(report('seq\n9007199254740991\n9007199254740992\n')).rejects.toThrow(
      'feed:3: column "seq": "9007199254740992" is not a number up to 2^53 like those before it (--bigint?)',
    );
    expect(await report('seq\n9007199254740991\n9007199254740992\n', ['--bigint'])).toMatchObject({
      messages: 2,
      gapEvents: 0,
    });
  });

  it('takes dates and other units for times', async () => {
    const dates = 'time,seq\n2024-01-01T00:00:00Z,1\n2024-01-01T00:00:01.5Z,2\n';
    expect(await report(dates)).toMatchObject({ durationMs: 1_500 });
    expect(await report('ts,seq\n10,1\n11.5,2\n', ['--time-unit', 's'])).toMatchObject({
      durationMs: 1_500,
    });
  });

  it('notices a time that runs backwards, and lets none pass', async () => {
    expect(await report(csv([100, 1], [50, 2], [110, 3]))).toMatchObject({
      stepsBack: 1,
      durationMs: 10,
    });
  });
});

describe('the recommendation', () => {
  const text = csv([0, 1], [0, 3], [5, 4], [30, 2], [31, 6], [131, 5], [140, 8]);

  it('says what each wait delivers and loses', async () => {
    const found = await report(text, ['--waits', '0,30,31,100,101']);
    const { recommendation, recommended } = found;
    expect(recommendation).toEqual([
      { maxWaitMs: 0, maxBuffer: 1, mostHeld: 0, delivered: 5, late: 2, lost: 3 },
      // A message exactly on the deadline is late.
      { maxWaitMs: 30, maxBuffer: 2, mostHeld: 2, delivered: 5, late: 2, lost: 3 },
      { maxWaitMs: 31, maxBuffer: 2, mostHeld: 2, delivered: 6, late: 1, lost: 2 },
      { maxWaitMs: 100, maxBuffer: 2, mostHeld: 2, delivered: 6, late: 1, lost: 2 },
      { maxWaitMs: 101, maxBuffer: 2, mostHeld: 2, delivered: 7, late: 0, lost: 1 },
    ]);
    expect(recommended).toBe(recommendation[4]);
    expect(found.needsLongerWait).toBe(false);
  });

  it('adds a wait that is long enough, if the input can be read again', async () => {
    const { recommendation, recommended } = await report(text, ['--waits', '0']);
    expect(recommendation.map(({ maxWaitMs }) => maxWaitMs)).toEqual([0, 110]);
    expect(recommended).toMatchObject({ maxWaitMs: 110, delivered: 7, late: 0 });
    const once = await report(text, ['--waits', '0'], { isRereadable: false });
    expect(once).toMatchObject({ needsLongerWait: true, recommendation: [{ maxWaitMs: 0 }] });
  });

  it('does not wait for what cannot be saved', async () => {
    // 4 comes from before the first message.
    const { recommended, unexpected, needsLongerWait } = await report(csv([0, 5], [1, 4], [2, 6]));
    expect(unexpected).toBe(1);
    expect(recommended).toMatchObject({ maxWaitMs: 0, delivered: 2, late: 1 });
    expect(needsLongerWait).toBe(false);
  });

  it('knows where more waiting saves little', async () => {
    // 200 messages swapped with the next one (1 ms late), one that is 500 ms late.
    const rows: [number, number][] = [[0, 0]];
    for (let seq = 1; seq < 400; seq += 2) rows.push([seq, seq + 1], [seq + 1, seq]);
    rows.push([1_000, 402], [1_500, 401]);
    const { knee, recommended } = await report(csv(...rows), ['--waits', '0,10,800']);
    expect(knee).toMatchObject({ maxWaitMs: 10, late: 1 });
    expect(recommended).toMatchObject({ maxWaitMs: 800, late: 0 });
  });

  it('is absent where there was nothing', async () => {
    expect(await report('t_ms,seq\n')).toMatchObject({
      messages: 0,
      recommended: null,
      knee: null,
    });
  });
});

describe('input that cannot be used', () => {
  it.each([
    [
      'a missing column',
      't,x\n1,2\n',
      ['--seq', 'seq'],
      'feed:1: no column "seq"; the columns are t, x',
    ],
    ['no number', 'seq\n1\nx7\n', [], 'feed:3: column "seq": "x7" is not an integer, 0 or more'],
    [
      'an empty cell',
      'seq,a\n1,1\n,2\n',
      [],
      'feed:3: column "seq": "" is not an integer, 0 or more',
    ],
    ['no time', 't,seq\nnoon,1\n', [], 'feed:2: column "t": "noon" is not a time'],
    [
      'a truncated line',
      't,seq\n1,1\n2',
      [],
      'feed:3: 1 fields where the header 2: is the line truncated?',
    ],
    ['a quote that does not end', 't,seq\n1,1\n"2,3\n', [], /^feed:3: Quote Not Closed/],
    ['truncated JSON', '{"seq":1}\n{"se', [], /^feed:2: not JSON.*truncated/],
    [
      'a missing field',
      '{"seq":1,"x":1}\n{"x":2}\n',
      [],
      'feed:2: field "seq" is missing; the first record has seq, x',
    ],
    [
      'null',
      '{"seq":1}\n{"seq":null}\n',
      [],
      'feed:2: field "seq": "null" is not an integer, 0 or more',
    ],
    ['nothing', '', [], 'feed:1: the input is empty'],
    ['UTF-16', Buffer.from('\uFEFFseq\n', 'utf16le'), [], /^feed:1: UTF-16/],
    ['gzip', Buffer.from([0x1f, 0x8b, 8, 0]), [], /^feed:1: gzip/],
  ])('%s is said with its line', async (_, text, args, message) => {
    await expect(inspectText(text, args)).rejects.toThrow(message);
    await expect(inspectText(text, args)).rejects.toHaveProperty('name', 'InputError');
  });

  it('is counted instead if asked to', async () => {
    const text = 't,seq\n1,1\n2\nx,2\n3,y\n4,2\n"5,3\n6,3\n7,';
    const found = await report(text, ['--skip-invalid']);
    expect(found).toMatchObject({ messages: 3, skipped: 5, invalid: 5, gapEvents: 0 });
    const json = await report('7\n{"seq":1}\n{"seq":"x"}\n{"seq":2}\n{"se', [
      '--skip-invalid',
      '--format=ndjson',
    ]);
    expect(json).toMatchObject({ messages: 2, skipped: 3, invalid: 3 });
    await expect(report('7\n8\n', ['--skip-invalid', '--format', 'ndjson'])).rejects.toThrow(
      'feed:1: no line can be read',
    );
  });

  it('is not a byte order mark, nor a character cut in two', async () => {
    const text = '\uFEFFseq,key\n1,ключ\n2,ключ\n';
    const found = await report(text, ['--key', 'key'], { size: 1 });
    expect(found.perKey).toHaveProperty('ключ');
    expect(found).toMatchObject({ messages: 2, keys: 1 });
  });

  it('does not depend on the name: the first character tells the format', async () => {
    expect(await report(' {"seq":1}\n')).toMatchObject({ messages: 1 });
    expect(await report('[1]\n[2]\n', ['--seq', '0'])).toMatchObject({ messages: 2 });
    await expect(inspectText('{"seq":1}\n', [], { name: 'feed.csv' })).rejects.toThrow(
      /^feed.csv:1: /,
    );
  });
});
