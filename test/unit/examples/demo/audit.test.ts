import { describe, expect, it } from 'vitest';
import { audit } from '../../../../examples/demo/audit.js';

type Receiver = Parameters<typeof audit>[1];

const sender = { sent: 5, checksums: Uint32Array.of(11, 12, 13, 14, 15) };
const numbers = [1, 2, 4, 5];

const receiver = (changes: Partial<Receiver> = {}): Receiver => {
  const delivery = changes.delivery ?? Uint32Array.from(numbers);
  return {
    delivery,
    checksums: delivery.map((seq) => seq + 10),
    losses: [{ first: 3, last: 3 }],
    received: delivery.length + 2,
    answered: 1,
    duplicates: 1,
    late: 1,
    refused: 1,
    droppedByShards: 0,
    ...changes,
  };
};

const failures = (changes?: Partial<Receiver>): string[] =>
  audit(sender, receiver(changes))
    .checks.filter((check) => !check.holds)
    .map((check) => check.claim);

describe('audit', () => {
  it('finds nothing where everything was delivered in order or reported lost', () => {
    expect(failures()).toEqual([]);
    expect(audit(sender, receiver())).toMatchObject({ delivered: 4, lost: 1, revived: 0 });
  });

  it('finds a loss that nobody reported', () => {
    expect(failures({ losses: [] })).toEqual([
      '5 sent ≠ 4 delivered + 0 lost',
      'every number was delivered or reported lost: 1 vanished silently',
    ]);
  });

  it('finds a wrong report that makes the sum come out right', () => {
    expect(failures({ delivery: Uint32Array.of(1, 2, 4, 6) })).toEqual([
      'every number was delivered or reported lost: 1 vanished silently, 1 never sent',
      'payloads as sent, by checksum: 1 changed',
    ]);
  });

  it('counts a loss once, however often it was reported', () => {
    const losses = [
      { first: 3, last: 3 },
      { first: 2, last: 3 },
    ];
    expect(failures({ losses })).toEqual([]);
    expect(audit(sender, receiver({ losses }))).toMatchObject({ lost: 1, revived: 1 });
  });

  it('is not impressed by a report of losses beyond what was sent', () => {
    expect(failures({ losses: [{ first: 0, last: 2 ** 53 - 1 }] })).toEqual([]);
  });

  it('finds disorder', () => {
    expect(failures({ delivery: Uint32Array.of(1, 4, 2, 5) })).toEqual([
      'in order: 1 behind a greater number',
    ]);
  });

  it('finds repetition', () => {
    expect(failures({ delivery: Uint32Array.of(1, 2, 2, 5) })).toEqual([
      'every number was delivered or reported lost: 1 vanished silently',
      'none twice: 1 repeated',
    ]);
  });

  it('finds a changed payload', () => {
    expect(failures({ checksums: Uint32Array.of(11, 12, 0, 15) })).toEqual([
      'payloads as sent, by checksum: 1 changed',
    ]);
  });

  it('finds what an operator dropped without an event', () => {
    expect(failures({ received: 7 })).toEqual([
      '8 received = delivered + 3 dropped with an event: 1 without a trace',
    ]);
  });

  it('counts what a shard dropped with an event as dropped, but as lost only if that was reported', () => {
    expect(failures({ received: 7, droppedByShards: 1 })).toEqual([]);
    expect(
      failures({ delivery: Uint32Array.of(1, 2, 5), received: 6, droppedByShards: 1 }),
    ).toEqual([
      '5 sent ≠ 3 delivered + 1 lost',
      'every number was delivered or reported lost: 1 vanished silently',
    ]);
  });
});
