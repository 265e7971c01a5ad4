import {
  type Arrival,
  arrivalsOf,
  type ControlScript,
  type FaultScript,
  type ScriptMessage,
} from 'rxjs-reliable/testing';
import { describeLog, expectSameLog } from './describeLog.js';
import { type Relabelling, relabel } from './relabel.js';
import {
  reorderOperator,
  type SequenceCase,
  sequenceOperator,
  sequenceSettings,
} from './reorderCases.js';
import { eventsOf, expectThat, linesOf, messagesOf, valuesOf } from './reorderChecks.js';
import { type MakeOperator, runTimed, type TimedEntry } from './runTimed.js';

/** The source completes in the end, and nobody leaves before. */
function completing(control: ControlScript): ControlScript {
  return { ...control, end: 'complete', unsubscribeAtMs: null, resubscribe: false };
}

/** Throws if a second operator behind the first changes anything. */
export function expectIdempotence(
  records: FaultScript,
  drawn: SequenceCase,
  control: ControlScript,
): void {
  const script = { arrivals: arrivalsOf(records, drawn.start), control: completing(control) };
  const make = sequenceOperator(drawn) as MakeOperator<unknown>;
  const twice: MakeOperator<unknown> = (scheduler, report) => (source) =>
    source.pipe(
      make(scheduler, report),
      make(scheduler, () => undefined),
    );
  const outOf = (operator: MakeOperator<unknown>): string[] =>
    describeValues(valuesOf(runTimed(operator, script).log), script.arrivals);
  expectSameLog(outOf(twice), outOf(make));
}

/** Throws if more time and room deliver less. */
export function expectPatience(
  records: FaultScript,
  drawn: SequenceCase,
  control: ControlScript,
  moreMs: number,
  moreBuffer: number,
): void {
  const script = { arrivals: arrivalsOf(records, drawn.start), control: completing(control) };
  const outOf = (options: SequenceCase): unknown[] =>
    valuesOf(runTimed(sequenceOperator(options), script).log);
  const { maxWaitMs, maxBuffer } = drawn;
  const out = new Set(
    outOf({
      ...drawn,
      maxWaitMs: maxWaitMs === null ? null : maxWaitMs + moreMs,
      maxBuffer: maxBuffer + moreBuffer,
    }),
  );
  const lost = outOf(drawn).filter((value) => !out.has(value));
  expectThat(lost.length === 0, `lost ${describeValues(lost, script.arrivals).join(', ')}`);
}

/** Throws if it matters to anything but itself that every message comes twice. */
export function expectDuplication(
  records: FaultScript,
  drawn: SequenceCase,
  control: ControlScript,
): void {
  const arrivals = arrivalsOf(records, drawn.start);
  const copies = new Set<unknown>();
  const doubled = arrivals.flatMap(({ atMs, message }) => {
    const copy = { ...message };
    copies.add(copy);
    return [
      { atMs, message },
      { atMs, message: copy },
    ];
  });
  const { log } = runTimed(sequenceOperator(drawn), { arrivals: doubled, control });
  const rest = log.filter(
    (entry) =>
      entry.kind !== 'event' || !copies.has((entry.event as { message?: unknown }).message),
  );
  expectSameLog(describeLog(rest, messagesOf(arrivals)), linesOf(drawn, { arrivals, control }));
  for (const { kind, message } of eventsOf(log)) {
    const isFine = kind === 'duplicate' || kind === 'late' || kind === 'overflow';
    if (copies.has(message)) expectThat(isFine, `a copy is ${kind}`);
  }
}

/** Throws if anything of an epoch matters to the next one. Of the first, only every second number is ever sent. */
export function expectNewEpoch(
  [before, after]: readonly [FaultScript, FaultScript],
  drawn: SequenceCase,
  control: ControlScript,
  stride: number,
): void {
  const old = arrivalsOf(before, drawn.start).map((one) => numberedAs(one, drawn.start, 2, 0));
  const beginsMs = old.at(-1)?.atMs ?? 0;
  const young = arrivalsOf(after, drawn.start)
    .map((one) => numberedAs(one, drawn.start, stride, before.length + 1))
    .map(({ atMs, message }) => ({ atMs: atMs + beginsMs, message }));
  const [first] = young;
  if (old.length === 0 || first === undefined) return;
  const make = sequenceOperator(drawn);
  const ending = { ...control, endAtMs: control.endAtMs + first.atMs };
  const both = runTimed(make, { arrivals: [...old, ...young], control: ending });
  const oldLength = both.heardBy[old.length - 1] ?? 0;
  const isReset = (entry: TimedEntry, place: number): boolean =>
    place >= oldLength && entry.kind === 'event' && kindOf(entry.event) === 'reset';
  const rest = both.log.slice(both.log.findIndex(isReset) + 1);
  const alone = runTimed(make, { arrivals: young, control: ending }).log;
  expectSameLog(describeLog(rest, messagesOf(young)), describeLog(alone, messagesOf(young)));
}

/** The numbers from `start` on are `stride` apart; those of later epochs are between those of the first. */
function numberedAs(
  { atMs, message }: Arrival,
  start: number,
  stride: number,
  epochs: number,
): Arrival {
  const seq = start + (message.seq - start) * stride + (epochs > 0 ? stride - 1 : 0);
  return { atMs, message: { ...message, seq, epoch: message.epoch + epochs } };
}

/** Throws if bigints far beyond the safe integers are not treated as numbers are. */
export function expectLabelShift(
  records: FaultScript,
  drawn: SequenceCase,
  control: ControlScript,
): void {
  const few = { ...plain(drawn), start: drawn.start % 2 ** 52 };
  const back = (number: bigint): bigint => number - 2n ** 80n;
  const make = sequenceOperator({ ...few, numbers: 'huge' });
  const relabelling = { first: back, last: back, behind: (behind: bigint) => behind };
  expectSameButLabels(make, few, records, control, relabelling);
}

/** Throws if ranges of numbers that follow each other are not treated as numbers are. */
export function expectRanges(
  records: FaultScript,
  drawn: SequenceCase,
  control: ControlScript,
  width: number,
): void {
  const few = { ...plain(drawn), start: 1 };
  const rangeOf = ({ seq }: ScriptMessage): unknown => [seq * width, seq * width + width - 1];
  const step = BigInt(width);
  expectSameButLabels(reorderOperator(rangeOf, sequenceSettings(few)), few, records, control, {
    first: (first) => first / step,
    last: (last) => (last + 1n) / step - 1n,
    behind: (behind) => (behind - 1n) / step + 1n,
  });
}

/** Throws if messages with sparse numbers that name their predecessors are not treated as those with dense numbers are. */
export function expectPointers(
  records: FaultScript,
  drawn: SequenceCase,
  control: ControlScript,
): void {
  const few = { ...plain(drawn), start: 1 };
  const sparse = (seq: number): number => 4 * seq + (seq % 3);
  const previousOf = ({ seq }: ScriptMessage): number => sparse(seq - 1);
  const options = { ...sequenceSettings(few), previousOf };
  const make = reorderOperator<ScriptMessage>(({ seq }) => sparse(seq), options);
  /** Whose turn it is when the first number missing is `first`. */
  const place = (first: bigint): bigint => (first - 1n) / 4n + 1n;
  expectSameButLabels(make, few, records, control, {
    first: place,
    last: (last) => last / 4n,
    behind: (behind, { seq }) => place(behind + BigInt(sparse(seq))) - BigInt(seq),
  });
}

/** Plain numbers, and no errors, as they have labels too. */
function plain(drawn: SequenceCase): SequenceCase {
  const latePolicy = drawn.latePolicy === 'error' ? 'emit' : drawn.latePolicy;
  return { ...drawn, modulus: null, numbers: 'number', latePolicy };
}

function expectSameButLabels(
  make: MakeOperator<ScriptMessage>,
  drawn: SequenceCase,
  records: FaultScript,
  control: ControlScript,
  relabelling: Relabelling<ScriptMessage>,
): void {
  const arrivals = arrivalsOf(records, drawn.start);
  const log = relabel(runTimed(make, { arrivals, control }).log, relabelling);
  const lines = describeLog(log, messagesOf(arrivals));
  expectSameLog(lines, linesOf(drawn, { arrivals, control }));
}

function kindOf(event: unknown): unknown {
  return (event as { readonly kind?: unknown }).kind;
}

function describeValues(values: readonly unknown[], arrivals: readonly Arrival[]): string[] {
  const log = values.map((value) => ({ atMs: 0, kind: 'next', value }) as const);
  return describeLog(log, messagesOf(arrivals));
}
