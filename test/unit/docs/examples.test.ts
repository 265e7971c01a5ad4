/** Every example in the documentation compiles, runs, and prints what it says. */
import * as rxjs from 'rxjs';
import * as reliable from 'rxjs-reliable';
import * as testing from 'rxjs-reliable/testing';
import * as worker from 'rxjs-reliable/worker';
import * as fastCheck from 'fast-check';
import { describe, expect, it } from 'vitest';
import { examplesOf, examplesOnPage, run, typeErrorsOf } from '../../support/examples.js';

/** Runs what it is given at once: an example has no tests of its own. */
const runner = {
  describe: (_: string, body: () => void) => {
    body();
  },
  it: (_: string, body: () => void) => {
    body();
  },
  test: (_: string, body: () => void) => {
    body();
  },
  expect,
};
const modules = {
  rxjs,
  'rxjs-reliable': reliable,
  'rxjs-reliable/testing': testing,
  'rxjs-reliable/worker': worker,
  'fast-check': { ...fastCheck, default: fastCheck.default, __esModule: true },
  vitest: runner,
};
const examples = [
  ...examplesOf('operators'),
  ...examplesOf('src/testing'),
  ...examplesOf('src/connectors/worker'),
  ...examplesOnPage('README.md'),
];

describe('the examples', () => {
  it.each(examples.map((example) => [example.name, example] as const))(
    'at %s prints what it says',
    { timeout: 30_000 },
    async (_name, example) => {
      const printed = await run(example, modules);
      expect(printed.map((line) => line.trimEnd())).toEqual(example.promised);
    },
  );

  it('include one for each operator, with output', () => {
    for (const name of [
      'reorderBy',
      'sequenceGaps',
      'dedupeWithin',
      'slaTimeout',
      'shardBy',
      'mergeShards',
      'eachMessage',
    ]) {
      const own = examples.filter((example) => example.name.startsWith(`operators/${name}.ts:`));
      expect(own).toHaveLength(1);
      expect(own[0]?.promised).not.toEqual([]);
    }
  });

  it('compile without annotations under strict rules', { timeout: 60_000 }, () => {
    expect(typeErrorsOf(examples)).toEqual([]);
  });
});
