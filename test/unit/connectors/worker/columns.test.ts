import { OptionError } from 'rxjs-reliable';
import { type Codec, columns } from 'rxjs-reliable/worker';
import { describe, expect, it } from 'vitest';

interface Order {
  readonly id: number;
  readonly symbol: string;
  readonly isBuy: boolean;
  readonly note?: unknown;
}

const orders = columns<Order>({ id: 'number', symbol: 'string', isBuy: 'boolean', note: 'cloned' });
const order = (id: number, symbol = 'ACME', isBuy = true, note?: unknown): Order => ({
  ...{ id, symbol, isBuy, note },
});

/** What becomes of messages on their way to another thread and back. */
function sent<T>(codec: Codec<T>, messages: readonly T[]): readonly T[] {
  const { data, transfer } = codec.encode(messages);
  return codec.decode(structuredClone(data, { transfer: transfer as ArrayBuffer[] }));
}

describe('columns', () => {
  it('brings objects over as they are', () => {
    const messages = [
      order(7),
      order(0.1, '', false, { deep: [1n, new Date(0)] }),
      order(-0, '\u{1F600}\0', true, null),
    ];
    expect(sent(orders, messages)).toEqual(messages);
    expect(sent(orders, [order(1)])[0]).not.toBe(messages[0]);
  });

  it.each([0, -0, 1, -1, 0.1, NaN, Infinity, -Infinity, 2 ** 53, 5e-324, 1.7e308])(
    'keeps all bits of %d',
    (id) => {
      expect(sent(orders, [order(id)])[0]?.id).toBe(id);
      expect(sent(columns<number>('number'), [id])).toEqual([id]);
    },
  );

  it('brings none over', () => {
    expect(sent(orders, [])).toEqual([]);
  });

  it('brings over those fields that were named, in the order in which they were', () => {
    const codec = columns<{ b: number; a: string }>({ a: 'string', b: 'number' });
    const [message] = sent(codec, [{ b: 1, c: 2, a: 'x' } as { b: number; a: string }]);
    expect(Object.entries(message ?? {})).toEqual([
      ['a', 'x'],
      ['b', 1],
    ]);
  });

  it('needs no numbers', () => {
    const codec = columns<{ name: string; tags: string[] }>({ name: 'string', tags: 'cloned' });
    const messages = [
      { name: 'a', tags: ['x'] },
      { name: 'b', tags: [] },
    ];
    expect(sent(codec, messages)).toEqual(messages);
  });

  it('hands one buffer over, not a copy', () => {
    const { transfer } = orders.encode([order(1), order(2)]);
    expect(transfer.map((buffer) => (buffer as ArrayBuffer).byteLength)).toEqual([2 * 2 * 8]);
    expect(columns<string>('string').encode(['a']).transfer).toEqual([]);
  });

  it.each([
    ['number', [1, 2.5, -0]],
    ['boolean', [true, false, true]],
    ['string', ['', 'a']],
    ['cloned', [1, 'a', null, undefined, { deep: true }]],
  ] as const)('brings messages over that are %ss themselves', (kind, messages) => {
    expect(sent(columns<unknown>(kind as 'cloned'), messages)).toEqual(messages);
  });

  it.each([
    [{ ...order(1), id: '1' }, 'columns: id is of type string, not number'],
    [{ ...order(1), id: 1n }, 'columns: id is of type bigint, not number'],
    [{ ...order(1), symbol: undefined }, 'columns: symbol is of type undefined, not string'],
    [{ ...order(1), isBuy: 1 }, 'columns: isBuy is of type number, not boolean'],
  ])('refuses %o', (message, reason) => {
    expect(() => orders.encode([order(0), message as unknown as Order])).toThrow(
      new TypeError(reason),
    );
  });

  it('refuses messages that are no values of their kind', () => {
    expect(() => columns<number>('number').encode([1, '2' as unknown as number])).toThrow(
      new TypeError('columns: a message is of type string, not number'),
    );
  });

  it.each([
    [undefined, 'kinds'],
    [null, 'kinds'],
    ['float64', 'kinds'],
    [7, 'kinds'],
    [{}, 'kinds'],
    [['number'], 'kinds'],
    [{ id: 'number', symbol: 'text' }, 'kinds.symbol'],
    [{ id: undefined }, 'kinds.id'],
  ])('cannot be made of %o', (kinds, option) => {
    expect(() => columns<Order>(kinds as never)).toThrow(OptionError);
    expect(() => columns<Order>(kinds as never)).toThrow(`columns: option \`${option}\` must be`);
  });
});
