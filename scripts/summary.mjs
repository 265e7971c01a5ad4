// Prints the one line `N passed, N failed` from what the last `npm test` left in reports/.
import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

function readJson(name) {
  try {
    return JSON.parse(readFileSync(new URL(`../reports/${name}`, import.meta.url), 'utf8'));
  } catch {
    return undefined;
  }
}

/** Counts vitest's tests. A file that broke before its tests ran, or left none failed, counts as one failure. */
function countVitest(report) {
  const total = { passed: 0, failed: 0, skipped: 0 };
  for (const file of report.testResults) {
    const statuses = file.assertionResults.map((test) => test.status);
    const failed = statuses.filter((status) => status === 'failed').length;
    const passed = statuses.filter((status) => status === 'passed').length;
    total.passed += passed;
    total.failed += failed === 0 && file.status === 'failed' ? 1 : failed;
    total.skipped += statuses.length - passed - failed;
  }
  return total;
}

/** The totals over all steps. tsd counts as one test; any other step that broke with no failed test is one failure. */
export function summarize() {
  const steps = readJson('steps.json') ?? [{ name: 'test', status: 'failed' }];
  const total = countVitest(readJson('vitest.json') ?? { testResults: [] });
  const failedTests = total.failed;
  for (const { name, status } of steps) {
    if (name === 'tsd') total[status] += 1;
    else if (status === 'failed' && !(name === 'vitest' && failedTests > 0)) total.failed += 1;
  }
  const skipped = total.skipped > 0 ? `, ${total.skipped} skipped` : '';
  return {
    line: `${total.passed} passed, ${total.failed} failed${skipped}`,
    ok: total.failed === 0,
  };
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const { line, ok } = summarize();
  console.log(line);
  process.exitCode = ok ? 0 : 1;
}
