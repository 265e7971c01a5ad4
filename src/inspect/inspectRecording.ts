import type { Candidate, Outcome } from './CandidateRun.js';
import { CsvReader } from './CsvReader.js';
import { detectFormat } from './detectFormat.js';
import type { FeedShape } from './feedOptions.js';
import { Inspection } from './Inspection.js';
import type { InspectOptions } from './InspectOptions.js';
import { makeReport } from './makeReport.js';
import { NdjsonReader } from './NdjsonReader.js';
import { readText } from './readText.js';
import type { RecordReader } from './RecordSink.js';
import type { Report } from './Report.js';
import { RowBuilder } from './RowBuilder.js';

/** Where a recording comes from. */
export interface Recording {
  /** What it is called in messages. */
  readonly name: string;
  /** It can be opened more than once. */
  readonly isRereadable: boolean;
  open(): AsyncIterable<Uint8Array>;
}

/** A report and how the recording's fields were understood. */
export interface Inspected {
  readonly report: Report;
  readonly shape: FeedShape;
  /** The names of the fields that were used. */
  readonly used: UsedFields;
}

/** The names of the fields that were used. */
export interface UsedFields {
  readonly seq: string;
  readonly time: string | undefined;
}

/** So much that only `maxWaitMs` limits: what is needed is measured. */
const amplyBuffered = 2 ** 17;
/** What is tried where there are no times: only the buffer limits. */
const buffers = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1_024];

/** Reads the recording once, and once more if messages came later than the longest wait tried. */
export async function inspectRecording(
  recording: Recording,
  options: InspectOptions,
): Promise<Inspected> {
  const { inspection, builder } = await pass(recording, options, (shape) => {
    return new Inspection(shape, candidatesFor(shape, options.waits));
  });
  const { shape } = inspection;
  const { choice, skipped } = builder;
  const waitMs = missingWait(inspection, options.waits);
  const more =
    waitMs !== undefined && recording.isRereadable
      ? await tryOut(recording, options, { maxWaitMs: waitMs, maxBuffer: amplyBuffered })
      : [];
  const nameOf = (column = -1): string | undefined => choice?.columns[column];
  return {
    report: makeReport(inspection, more, skipped),
    shape,
    used: { seq: nameOf(choice?.seq) ?? '', time: nameOf(choice?.time) },
  };
}

async function tryOut(
  recording: Recording,
  options: InspectOptions,
  candidate: Candidate,
): Promise<readonly Outcome[]> {
  const { inspection } = await pass(recording, options, (shape) => {
    return new Inspection(shape, [candidate], false);
  });
  return inspection.outcomes;
}

async function pass(
  recording: Recording,
  options: InspectOptions,
  start: (shape: FeedShape) => Inspection,
): Promise<{ readonly inspection: Inspection; readonly builder: RowBuilder }> {
  let builder: RowBuilder | undefined;
  let reader: RecordReader | undefined;
  let inspection: Inspection | undefined;
  for await (const text of readText(recording.open(), recording.name)) {
    if (builder === undefined || reader === undefined) {
      const format = options.format ?? detectFormat(options.file, text);
      const made = new RowBuilder(recording.name, options, format === 'csv', (row) => {
        inspection ??= start(shapeOf(made, options));
        inspection.push(row);
      });
      builder = made;
      reader = format === 'csv' ? new CsvReader(options.delimiter, made) : new NdjsonReader(made);
    }
    reader.write(text);
  }
  reader?.end();
  builder ??= new RowBuilder(recording.name, options, false, () => undefined);
  builder.end();
  inspection ??= start(shapeOf(builder, options));
  inspection.end();
  return { inspection, builder };
}

function shapeOf({ choice }: RowBuilder, { numbering }: InspectOptions): FeedShape {
  const has = (column = -1): boolean => column >= 0;
  return {
    numbering,
    hasTime: has(choice?.time),
    hasKey: has(choice?.key),
    hasPrevious: has(choice?.previous),
    hasEpoch: has(choice?.epoch),
  };
}

function candidatesFor({ hasTime }: FeedShape, waits: readonly number[]): readonly Candidate[] {
  return hasTime
    ? waits.map((maxWaitMs) => ({ maxWaitMs, maxBuffer: amplyBuffered }))
    : buffers.map((maxBuffer) => ({ maxWaitMs: Infinity, maxBuffer }));
}

/** The wait that would have saved the latest message, if none of those tried did: two significant digits, rounded up. */
function missingWait({ keys, shape }: Inspection, waits: readonly number[]): number | undefined {
  const latestMs = shape.hasTime ? keys.total().latenessMs.percentile(1) : 0;
  if (latestMs < (waits.at(-1) ?? 0)) return undefined;
  const unit = latestMs < 1 ? 0.1 : 10 ** Math.max(0, Math.floor(Math.log10(latestMs)) - 1);
  // A message that comes exactly at the end of the wait is late.
  return (Math.floor(latestMs / unit) + 1) * unit;
}
