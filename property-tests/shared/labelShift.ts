import { type Arrival, arrivalsOf, type ScriptMessage } from 'rxjs-reliable/testing';
import { expectSameLog } from '../support/describeLog.js';
import { playShared } from '../support/shared/playShared.js';
import type { SharedOptions } from '../support/shared/sharedCase.js';
import type { SharedSubject } from '../support/shared/SharedSubject.js';
import type { SharedProperty } from './SharedProperty.js';

/** Below it there are numbers, too. */
const first = 10;
/** Some of them across a power of two, and up to the greatest of safe integers; beyond where numbers may be bigints. */
const shifts = [1, 2 ** 31 - 15, 2 ** 32 - 15, 2 ** 52] as const;
const greatShifts = [0n, 2n ** 53n - 15n, 2n ** 64n - 15n, 2n ** 80n] as const;

/** Only differences of numbers count. */
export const labelShift: SharedProperty = {
  id: 'G12',
  title: 'does the same with other numbers, up to 2^80',
  streams: 150,
  corners: ({ label }) => ['numbers', ...(label === 'seq' ? ['bigints'] : [])],
  holds(subject, [records, control, drawn, { which }], met) {
    const isGreat = subject.label === 'seq' && which % 2 === 0;
    const by = (isGreat ? greatShifts : shifts)[(which >> 1) % 4] ?? 1;
    met(isGreat ? 'bigints' : 'numbers');
    const arrivals = arrivalsOf(records, first).filter(({ message }) => isPlain(message));
    const { lines } = playShared(subject, shifted(drawn, first), { arrivals, control });
    const later = arrivals.map((arrival) => relabelled(arrival, subject, by));
    const other = playShared(
      subject,
      subject.label === 'seq' ? shifted(shifted(drawn, first), by) : drawn,
      { arrivals: later, control },
      { adjust: (fields) => unshift(fields, by) },
    );
    expectSameLog(other.lines, lines);
  },
};

/** A number that is neither spoilt nor so great that a shift would spoil it. */
function isPlain({ seq }: ScriptMessage): boolean {
  return Number.isSafeInteger(seq) && seq >= 0 && seq < 2 ** 40;
}

function relabelled(
  { atMs, message }: Arrival,
  { label = 'seq' }: SharedSubject,
  by: number | bigint,
): Arrival {
  const labelled = { ...message, [label]: plus(message[label], by) };
  return { atMs, message: Object.freeze(labelled) };
}

function shifted(options: SharedOptions, by: number | bigint): SharedOptions {
  const { announced, first } = options;
  return {
    ...options,
    announced: announced === null ? null : plus(announced, by),
    first: first === null ? null : plus(first, by),
  };
}

function plus(label: number | bigint, by: number | bigint): number | bigint {
  if (typeof label === 'number' && typeof by === 'number') return label + by;
  return BigInt(label) + BigInt(by);
}

/** Names numbers as they were before. */
function unshift(fields: Record<string, unknown>, by: number | bigint): void {
  for (const field of ['first', 'last', 'announced', 'seq']) {
    const value = fields[field];
    if (typeof value === 'number' || typeof value === 'bigint') {
      fields[field] = BigInt(value) - BigInt(by);
    }
  }
  for (const [field, value] of Object.entries(fields)) {
    if (typeof value === 'bigint') fields[field] = Number(value);
  }
}
