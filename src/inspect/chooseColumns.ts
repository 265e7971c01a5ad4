import type { InspectOptions } from './InspectOptions.js';

/** Which columns are read, and where among them each field is; -1 for nowhere. */
export interface ColumnChoice {
  /** All columns of the recording. */
  readonly names: readonly string[];
  /** Those that are read. */
  readonly columns: readonly string[];
  readonly seq: number;
  readonly time: number;
  readonly key: number;
  readonly previous: number;
  readonly first: number;
  readonly epoch: number;
}

/** What a sequence number is usually called; case and punctuation do not matter. */
const seqNames = ['seq', 'sequence', 'seqno', 'seqnum', 'seqnr', 'sequencenumber', 'offset'];
/** What a time of arrival is usually called. */
const timeNames = [
  ...['tms', 'timems', 'time', 'ts', 'tsms', 'timestamp', 'timestampms', 't'],
  ...['receivedat', 'receivedms', 'arrival', 'arrivedat', 'recvtime'],
];

/** Finds the fields among the columns; says what is wrong if one is missing. */
export function chooseColumns(
  names: readonly string[],
  { fields, noTime }: InspectOptions,
  isTable: boolean,
): ColumnChoice | string {
  const seq = fields.seq ?? usual(names, seqNames);
  const listed = `the columns are ${names.join(', ')}`;
  if (seq === undefined) {
    return `no column looks like a sequence number (seq, sequence …): name it with --seq; ${listed}`;
  }
  const time = noTime ? undefined : (fields.time ?? usual(names, timeNames));
  const { key, previous, first, epoch } = fields;
  const wanted = { seq, time, key, previous, first, epoch };
  const columns = [...new Set(Object.values(wanted).filter((name) => name !== undefined))];
  const missing = columns.find((name) => isTable && !names.includes(name));
  if (missing !== undefined) return `no column "${missing}"; ${listed}`;
  const ambiguous = columns.find((name) => names.indexOf(name) !== names.lastIndexOf(name));
  if (ambiguous !== undefined) return `two columns are called "${ambiguous}"`;
  const place = (name: string | undefined): number =>
    name === undefined ? -1 : columns.indexOf(name);
  return {
    names,
    columns,
    seq: place(seq),
    time: place(time),
    key: place(key),
    previous: place(previous),
    first: place(first),
    epoch: place(epoch),
  };
}

/** The column with the first of these names that there is. */
function usual(names: readonly string[], candidates: readonly string[]): string | undefined {
  const bare = names.map((name) => name.toLowerCase().replaceAll(/[^a-z\d]/g, ''));
  const found = candidates.find((candidate) => bare.includes(candidate));
  return found === undefined ? undefined : names[bare.indexOf(found)];
}
