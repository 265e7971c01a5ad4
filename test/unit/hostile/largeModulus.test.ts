/** Numbers that wrap where positions come near the end of the safe integers. */
import { type OperatorFunction, Subject } from 'rxjs';
import { dedupeWithin, reorderBy, sequenceGaps } from 'rxjs-reliable';
import { describe, expect, it } from 'vitest';

type Numbers = number | bigint;
interface Settings {
  readonly modulus: Numbers;
  readonly maxJump?: number;
}

const seq = (n: Numbers): Numbers => n;

const operators: readonly (readonly [
  name: string,
  make: (
    settings: Settings,
    onEvent: (event: unknown) => void,
  ) => OperatorFunction<Numbers, Numbers>,
])[] = [
  ['sequenceGaps', (settings, onEvent) => sequenceGaps(seq, { ...settings, onEvent })],
  ['reorderBy', (settings, onEvent) => reorderBy(seq, { ...settings, maxMisorder: 8, onEvent })],
  [
    'dedupeWithin',
    (settings, onEvent) =>
      dedupeWithin({ kind: 'sequence', size: 100, sequenceOf: seq, ...settings }, { onEvent }),
  ],
];

function run(operator: (onEvent: (event: unknown) => void) => OperatorFunction<Numbers, Numbers>) {
  const source = new Subject<Numbers>();
  const out: Numbers[] = [];
  const events: string[] = [];
  source
    .pipe(operator((event) => events.push((event as { readonly kind: string }).kind)))
    .subscribe((n) => out.push(n));
  return { source, out, events };
}

describe.each(operators)('%s', (_, make) => {
  it.each([2 ** 53 - 1, 2 ** 53 - 2, 2 ** 52 + 1, 2 ** 52])(
    'takes a feed in order that wraps at %i',
    (modulus) => {
      const { source, out, events } = run((onEvent) => make({ modulus }, onEvent));
      const inOrder = [-3, -2, -1].map((behind) => modulus + behind);
      inOrder.push(...Array.from({ length: 300 }, (_, index) => index));
      for (const n of inOrder) source.next(n);
      source.complete();
      expect(out).toEqual(inOrder);
      expect(events).toEqual([]);
    },
  );

  it('takes jumps out of reach for a restart', () => {
    const settings = { modulus: 2n ** 64n, maxJump: Number.MAX_SAFE_INTEGER };
    const { source, out, events } = run((onEvent) => make(settings, onEvent));
    const sent = Array.from({ length: 48 }, (_, index) => {
      return BigInt(Math.floor(index / 6)) * 2n ** 51n + BigInt(index % 6);
    });
    for (const n of sent) source.next(n);
    source.complete();
    // dedupeWithin does not pass on what it does not believe yet.
    const refused = events.filter((kind) => kind === 'invalid').length;
    expect(out).toHaveLength(sent.length - refused);
    expect(new Set(out).size).toBe(out.length);
    expect(events).toContain('reset');
    expect(events).not.toContain('duplicate');
  });
});
