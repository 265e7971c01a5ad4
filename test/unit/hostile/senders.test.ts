/** Senders that restart, wrap, are mixed up or number strangely: the stream lives and every message has its account. */
import { accountFor } from 'rxjs-reliable/testing';
import { describe, expect, it } from 'vitest';
import { dedupeWithin, reorderBy, sequenceGaps, type SequenceOptions } from 'rxjs-reliable';
import { SeededRandom } from '../../../src/testing/SeededRandom.js';
import { type BaseOptions, Rig } from '../../support/Rig.js';
import { stages } from '../../support/stages.js';
import {
  countingSubjects,
  credulous,
  named,
  type AnyEvent,
  type Numbered,
  type Subject,
} from '../../support/subjects.js';

const open = (subject: Subject, isKeyed = false) =>
  new Rig<Numbered, AnyEvent, unknown>((base) =>
    subject.make(base, isKeyed ? { keyBy: ({ key }) => key } : {}),
  );
const of = (...numbers: readonly unknown[]): Numbered[] => numbers.map((n) => ({ n }));
const kinds = (rig: Rig<Numbered, AnyEvent, unknown>) => rig.events.map(({ kind }) => kind);

describe.each(named(countingSubjects))('%s', (_name, subject) => {
  it('H04: takes a number below the first one seen for no new one, and lives', () => {
    const inputs = of(2_000, 1_999, 0, 2_001, 2_002);
    const rig = open(subject)
      .send(...inputs)
      .complete();
    expect(rig.values.slice(-2)).toEqual(of(2_001, 2_002));
    expect(accountFor(inputs, rig.values, rig.events).problem).toBeUndefined();
    expect(kinds(rig).length).toBeGreaterThanOrEqual(1);
  });

  it('H06: goes on to the greatest safe number and no farther', () => {
    const edge = Number.MAX_SAFE_INTEGER;
    const rig = open(subject)
      .send(...of(edge - 1, edge, edge + 1, edge + 2))
      .complete();
    expect(rig.values.slice(0, 2)).toEqual(of(edge - 1, edge));
    expect(kinds(rig)).toEqual(['invalid', 'invalid']);
  });

  it('H07: takes no strings, of which 10 would come before 9', () => {
    const rig = open(subject)
      .send(...of('9', '10', '11'))
      .complete();
    expect(kinds(rig)).toEqual(['invalid', 'invalid', 'invalid']);
  });

  it('H08: counts bigints beyond 2^80', () => {
    const inputs = of(0n, 1n, 2n).map(({ n }) => ({ n: 2n ** 80n + (n as bigint) }));
    const rig = open(subject)
      .send(...inputs)
      .complete();
    expect(rig.values).toEqual(inputs);
    expect(rig.events).toEqual([]);
  });

  it('H09: takes -0 for 0', () => {
    const rig = open(subject)
      .send(...of(-0, 1))
      .complete();
    expect(rig.values).toEqual(of(-0, 1));
    expect(rig.events).toEqual([]);
    const repeated = open(subject)
      .send(...of(0, -0))
      .complete();
    expect(kinds(repeated)).toEqual(['duplicate']);
  });

  it('H51: keeps two senders apart by key, and gives account of them without', () => {
    const inputs = Array.from({ length: 40 }, (__, index) =>
      index % 2 === 0 ? { key: 'a', n: index / 2 } : { key: 'b', n: 500_000 + index },
    ).map(({ key, n }, index) => ({ key, n: key === 'b' ? 500_000 + (index - 1) / 2 : n }));
    const apart = open(subject, true)
      .send(...inputs)
      .complete();
    expect(apart.values).toEqual(inputs);
    expect(apart.events).toEqual([]);
    const mixed = open(subject)
      .send(...inputs)
      .complete();
    expect(accountFor(inputs, mixed.values, mixed.events).problem).toBeUndefined();
    expect(mixed.values.length).toBeGreaterThanOrEqual(20);
  });
});

/** No comparator can be given; what comes closest is a selector that says something else every time. */
describe.each(named(stages))('%s', (_name, { make }) => {
  it.each([1, 2, 3])('H22: loses no message whose number changes as it is read (%i)', (seed) => {
    const random = new SeededRandom(seed);
    const inputs: Numbered[] = Array.from({ length: 500 }, () => ({
      get n() {
        return random.integer(0, 9) === 0 ? NaN : random.integer(0, 600);
      },
    }));
    const rig = new Rig<Numbered, AnyEvent, unknown>((base) => make(base));
    for (const message of inputs) {
      rig.send(message);
      rig.clock.advanceBy(1);
    }
    rig.complete();
    expect(rig.log.at(-1)?.[1]).toBe('complete');
    expect(accountFor(inputs, rig.values, rig.events).problem).toBeUndefined();
    expect(rig.isClean).toBe(true);
  });
});

type Sender = SequenceOptions<Numbered, unknown>;
const numberOf = ({ n }: Numbered): number => n as number;
const counting: readonly {
  readonly name: string;
  readonly make: (base: BaseOptions<AnyEvent>, sender: Sender) => ReturnType<Subject['make']>;
}[] = [
  { name: 'reorderBy', make: (base, sender) => reorderBy(numberOf, { ...base, ...sender }) },
  {
    name: 'sequenceGaps',
    make: (base, sender) => sequenceGaps<Numbered, unknown>(numberOf, { ...base, ...sender }),
  },
  {
    name: "dedupeWithin kind: 'sequence'",
    make: (base, { modulus, epochOf }) =>
      dedupeWithin<Numbered, unknown>(
        { kind: 'sequence', size: 1_024, sequenceOf: numberOf, modulus, epochOf },
        base,
      ),
  },
];

describe.each(named(counting))('%s', (name, { make }) => {
  const run = (sender: Sender, ...inputs: Numbered[]) =>
    new Rig<Numbered, AnyEvent, unknown>((base) => make(base, sender)).send(...inputs).complete();

  it('H49: wraps from 65535 to 0 with losses at the edge', () => {
    const inputs = of(65_533, 65_535, 1, 2);
    const rig = run({ modulus: 2 ** 16 }, ...inputs);
    expect(rig.values).toEqual(inputs);
    const expected = {
      reorderBy: ['skipped', 'skipped'],
      sequenceGaps: ['gap', 'gap', 'lost', 'lost'],
    };
    expect(kinds(rig)).toEqual(name in expected ? expected[name as keyof typeof expected] : []);
  });

  it('H49: refuses a number exactly 2^15 away, which is neither ahead nor behind', () => {
    const rig = run({ modulus: 2 ** 16, ...credulous }, ...of(0, 2 ** 15, 1));
    expect(rig.events).toMatchObject([{ kind: 'invalid', reason: 'ambiguous' }]);
  });

  it('H50: begins anew at 0 when the epoch changes', () => {
    const first = of(5_000, 5_001).map((message) => ({ ...message, key: 'first' }));
    const second = of(0, 1).map((message) => ({ ...message, key: 'second' }));
    const rig = run({ epochOf: ({ key }) => key }, ...first, ...second);
    expect(rig.values).toEqual([...first, ...second]);
    expect(rig.events).toMatchObject([{ kind: 'reset', reason: 'epoch' }]);
  });

  it('H50: begins anew at 0 without an epoch when it is confirmed, far below', () => {
    // Five in a row have to say so (DESIGN §3, restartAfter); a replay of old numbers is no restart for dedupeWithin (docs/DECISIONS.md, 11).
    const inputs = of(5_000, 5_001, 0, 1, 2, 3, 4, 5);
    const rig = run({}, ...inputs);
    const isReplay = name.startsWith('dedupeWithin');
    expect(rig.values).toEqual(isReplay ? inputs.slice(0, 2) : inputs);
    expect(kinds(rig)).toEqual(isReplay ? of(0, 1, 2, 3, 4, 5).map(() => 'late') : ['reset']);
  });

  it('H50: takes numbers a little below for repeats, not for a restart', () => {
    const rig = run({}, ...of(0, 1, 2, 3, 4, 5, 6, 7, 8), ...of(0, 1, 2, 3, 4, 5));
    expect(new Set(kinds(rig))).toEqual(new Set(['duplicate']));
  });
});
