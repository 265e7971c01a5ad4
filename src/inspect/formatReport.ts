import { alignTable } from './alignTable.js';
import type { Percentiles } from './Histogram.js';
import type { InspectOptions } from './InspectOptions.js';
import type { Inspected } from './inspectRecording.js';
import type { Choice, Findings, Report } from './Report.js';
import { suggestCode } from './suggestCode.js';

/** How many keys are listed; `--json` has them all. */
const listedKeys = 10;

const grouped = new Intl.NumberFormat('en-US', { maximumFractionDigits: 3 });
const show = (value: number): string => (value === Infinity ? '∞' : grouped.format(value));

/** The report for people to read; `title` marks up a heading. */
export function formatReport(
  inspected: Inspected,
  options: InspectOptions,
  title: (text: string) => string,
): string {
  const { report } = inspected;
  const sections: (readonly [heading: string, lines: readonly string[]])[] = [
    ['What arrived', arrived(inspected)],
    ['What was wrong', wrong(report)],
  ];
  if (Object.keys(report.perKey).length > 1) sections.push(perKey(report));
  if (report.messages > 0) sections.push(['What reorderBy would do', choices(report)]);
  const notes = remarks(inspected);
  if (notes.length > 0) sections.push(['Notes', notes]);
  const code = report.outOfOrder > 0 ? suggestCode(inspected, options) : undefined;
  if (code !== undefined) sections.push(['To paste', [`  ${code}`]]);
  return sections.map(([heading, lines]) => `${title(heading)}\n${lines.join('\n')}\n`).join('\n');
}

function arrived({ report, used }: Inspected): string[] {
  const rows = [
    ['messages', show(report.messages)],
    ['keys', show(report.keys) + (report.moreKeys ? '+' : '')],
  ];
  const { durationMs, messages } = report;
  if (durationMs !== null) rows.push(['duration', `${show(durationMs / 1_000)} s`]);
  if (durationMs !== null && durationMs > 0) {
    rows.push(['rate', `${show(Math.round((messages / durationMs) * 10_000) / 10)} /s`]);
  }
  rows.push(['sequence number', used.seq], ['time of arrival', used.time ?? 'none']);
  return alignTable(rows);
}

function wrong(report: Report): string[] {
  const counts = [
    ['gaps', show(report.gapEvents)],
    ['numbers missing', show(report.missing)],
    ['  filled late', show(report.filledLate)],
    ['  never seen', show(report.neverSeen)],
    ['duplicates', show(report.duplicates)],
    ['out of order', show(report.outOfOrder)],
    ['  not expected any more', show(report.unexpected)],
    ['restarts', show(report.restarts)],
    ['invalid', show(report.invalid)],
  ];
  if (report.wraps > 0) counts.push(['wraps (no fault)', show(report.wraps)]);
  const lines = alignTable(counts);
  if (report.outOfOrder === 0) return lines;
  const spread = [['', 'p50', 'p90', 'p99', 'max'], spreadOf('displacement', report.displacement)];
  if (report.latenessMs !== null) spread.push(spreadOf('lateness (ms)', report.latenessMs));
  return [...lines, '', ...alignTable(spread)];
}

function spreadOf(name: string, { p50, p90, p99, max }: Percentiles): string[] {
  return [name, ...[p50, p90, p99, max].map(show)];
}

function perKey({ perKey: keys }: Report): readonly [string, readonly string[]] {
  const troubles = (key: Findings): number =>
    key.missing + key.duplicates + key.outOfOrder + key.restarts + key.invalid;
  const all = Object.entries(keys).sort(([, one], [, other]) => troubles(other) - troubles(one));
  const rows = all.slice(0, listedKeys).map(([name, key]) => {
    const { messages, gapEvents, missing, filledLate, neverSeen, duplicates, outOfOrder } = key;
    const counts = [messages, gapEvents, missing, filledLate, neverSeen, duplicates, outOfOrder];
    const late = key.latenessMs === null ? '-' : show(key.latenessMs.p99);
    const shown = name.length > 40 ? `${name.slice(0, 39)}…` : name;
    return [shown, ...counts.map(show), show(key.restarts), show(key.displacement.p99), late];
  });
  const head = [
    ...['key', 'messages', 'gaps', 'missing', 'late', 'never', 'duplicates', 'disorder'],
    ...['restarts', 'p99 disp.', 'p99 ms'],
  ];
  const heading =
    all.length > listedKeys
      ? `Per key (the worst ${show(listedKeys)} of ${show(all.length)})`
      : 'Per key';
  return [heading, alignTable([head, ...rows])];
}

function choices({ recommendation, recommended, knee }: Report): string[] {
  const mark = (choice: Choice): string => {
    if (choice === recommended) return '→';
    return choice === knee ? '·' : '';
  };
  const rows = recommendation.map((choice) => {
    const { maxWaitMs, maxBuffer, delivered, late, lost, mostHeld } = choice;
    return [mark(choice), ...[maxWaitMs, maxBuffer, delivered, late, lost, mostHeld].map(show)];
  });
  const head = ['', 'maxWaitMs', 'maxBuffer', 'delivered', 'late', 'lost', 'most held'];
  const legend = ['  → delivers everything that can be delivered'];
  if (knee !== recommended) legend.push('  · delivers 99 % of what a wait can save');
  return [...alignTable([head, ...rows]), ...legend];
}

function remarks({ report, used }: Inspected): string[] {
  const notes: string[] = [];
  if (used.time === undefined) {
    notes.push('No times: only the order was looked at, and only maxBuffer limits the wait.');
  }
  if (report.stepsBack > 0) {
    const times = `${show(report.stepsBack)} times`;
    notes.push(`The time runs backwards ${times}: is "${used.time ?? ''}" the time of arrival?`);
  }
  if (report.skipped > 0) {
    notes.push(`${show(report.skipped)} records could not be read; they count as invalid only.`);
  }
  if (report.moreKeys) {
    notes.push('More keys than --max-keys: the later ones count in the totals only,');
    notes.push('and what is missing from a key that is not heard of for long is overlooked.');
  }
  if (report.needsLongerWait) {
    const limit = used.time === undefined ? 'buffers' : 'waits; try --waits';
    notes.push(`Some messages came too late for all of these ${limit}.`);
  }
  if (report.messages > 0 && report.outOfOrder === 0) {
    notes.push('Nothing came out of order: reorderBy is not needed.');
  }
  return notes.map((note) => `  ${note}`);
}
