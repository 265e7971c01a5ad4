import type { Corruption, FaultRecord, FaultScript } from './FaultRecord.js';

/** A message as it was sent; a frozen object of its own for every arrival, so that messages can be counted. */
export interface ScriptMessage {
  /** Its number; with `corrupt` it is something else than a number. */
  readonly seq: number;
  /** The sender's incarnation. */
  readonly epoch: number;
  /** Its place in the script. */
  readonly index: number;
  /** 0 for the original, 1 for the first repeat, … */
  readonly copy: number;
  /** When it was sent, in ms. */
  readonly sentAtMs: number;
  /** Which of several producers it is from. */
  readonly producer: number;
  /** When it was sent by the producer's clock, in ms. */
  readonly eventTimeMs: number;
}

/** A message with the time it arrives. */
export interface Arrival {
  /** When it arrives, in ms. */
  readonly atMs: number;
  /** The message itself. */
  readonly message: ScriptMessage;
}

/**
 * What arrives, and when, if messages fare as a script says: by time; at one instant in the order of sending.
 *
 * @param script - what befalls each message.
 * @param first - the number of the first message, and of the first after a restart. Default 0.
 *
 * @example
 * ```ts
 * import { arrivalsOf } from 'rxjs-reliable/testing';
 *
 * const arrivals = arrivalsOf([{ delayMs: 9 }, { gapMs: 5 }, { gapMs: 5, drop: true }]);
 * console.log(arrivals.map(({ atMs, message }) => [atMs, message.seq]));
 * // => [ [ 5, 1 ], [ 9, 0 ] ]
 * ```
 */
export function arrivalsOf(script: FaultScript, first = 0): Arrival[] {
  const arrivals: Arrival[] = [];
  let sentAtMs = 0;
  let next = first;
  let epoch = 0;
  let modulus = Infinity;
  for (const [index, record] of script.entries()) {
    sentAtMs += record.gapMs ?? 0;
    if (record.restart === true) next = first;
    if (record.epoch === true) epoch += 1;
    if (record.modulus !== undefined && record.modulus > 0) modulus = record.modulus;
    next = (next + (record.jump ?? 0)) % modulus;
    const sent = { index, epoch, sentAtMs, ...producerOf(record, sentAtMs) };
    const spoil = spoilt[record.corrupt ?? 'none'];
    const seq = next;
    next = (next + 1) % modulus;
    const delaysMs = [record.delayMs ?? 0, ...(record.copies ?? [])];
    for (const [copy, delayMs] of delaysMs.entries()) {
      if (copy === 0 && record.drop === true) continue;
      const message = Object.freeze(numbered({ ...sent, copy }, seq, spoil));
      arrivals.push({ atMs: sentAtMs + delayMs, message });
    }
  }
  // The sort is stable: at one instant the order of sending remains.
  return arrivals.sort((one, other) => one.atMs - other.atMs);
}

function producerOf(
  { producer = 0, skewMs = 0 }: Partial<FaultRecord>,
  sentAtMs: number,
): Pick<ScriptMessage, 'producer' | 'eventTimeMs'> {
  return { producer, eventTimeMs: sentAtMs + skewMs };
}

const spoilt: Readonly<Record<Corruption, (seq: number) => unknown>> = {
  none: (seq) => seq,
  undefined: () => undefined,
  NaN: () => NaN,
  Infinity: () => Infinity,
  '-Infinity': () => -Infinity,
  negative: () => -1,
  fraction: (seq) => seq + 0.5,
  unsafe: () => 2 ** 53,
  string: (seq) => String(seq),
  bigint: (seq) => BigInt(seq),
  object: () => ({}),
  throws: () => {
    throw new Error('the number cannot be read');
  },
};

/** The message with its number, which is read at once unless that throws. */
function numbered(
  message: Omit<ScriptMessage, 'seq'>,
  next: number,
  spoil: (seq: number) => unknown,
): ScriptMessage {
  if (spoil !== spoilt.throws) return { seq: spoil(next) as number, ...message };
  const get = (): unknown => spoil(next);
  return Object.defineProperty(message, 'seq', { get }) as ScriptMessage;
}
