// How much was tested, and whether that is what docs/TESTING.md promises.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';

const fewestStreams = 250_000;
const fewestExamples = 45;

/** Each operator, by the files in operators/. */
export const operators = readdirSync(new URL('../operators', import.meta.url)).map((file) =>
  basename(file, '.ts'),
);

/** The tests by example that passed: those of the operator's own file, and of its own folder. */
function examplesOf(operator, report) {
  const own = new RegExp(`/test/unit/(operators/${operator}\\.test\\.ts|${operator}/[^/]+)$`);
  const files = report.testResults.filter(({ name }) => own.test(name.replaceAll('\\', '/')));
  return files
    .flatMap(({ assertionResults }) => assertionResults)
    .filter(({ status }) => status === 'passed').length;
}

/** Counts up what a run left behind: vitest's report, and one line of JSON for every property file. */
export function readAmounts(reportFile, streamsFile) {
  const report = existsSync(reportFile)
    ? JSON.parse(readFileSync(reportFile, 'utf8'))
    : { testResults: [] };
  const text = existsSync(streamsFile) ? readFileSync(streamsFile, 'utf8') : '';
  const lines = text.split('\n').filter((line) => line !== '');
  const counts = lines.map((line) => JSON.parse(line));
  const sum = (name) => counts.reduce((total, count) => total + count[name], 0);
  return {
    streams: sum('streams'),
    properties: sum('properties'),
    examples: Object.fromEntries(operators.map((name) => [name, examplesOf(name, report)])),
  };
}

/** What a whole run with these amounts falls short of, in words. */
export function brokenPromises({ streams, examples }) {
  const broken = [];
  if (streams < fewestStreams) broken.push(`${fewestStreams} generated streams, not ${streams}`);
  for (const [operator, count] of Object.entries(examples)) {
    if (count < fewestExamples) {
      broken.push(`${fewestExamples} tests by example of ${operator}, not ${count}`);
    }
  }
  return broken;
}
