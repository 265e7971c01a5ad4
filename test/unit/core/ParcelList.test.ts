import { describe, expect, it } from 'vitest';
import { Parcel } from '../../../src/core/Parcel.js';
import { ParcelList } from '../../../src/core/ParcelList.js';

function make(...letters: readonly string[]) {
  const list = new ParcelList<string>();
  const parcels = letters.map((text, ticket) => new Parcel(ticket, text, 0, undefined));
  for (const parcel of parcels) list.add(parcel);
  const texts = (): string => [...list].map(({ message }) => message).join('');
  const remove = (text: string): void => {
    for (const parcel of parcels) if (parcel.message === text) list.remove(parcel);
  };
  return { list, parcels, texts, remove };
}

describe('ParcelList', () => {
  it('lists what was added, oldest first', () => {
    const { list, parcels, texts } = make('a', 'b', 'c');
    expect(texts()).toBe('abc');
    expect(list.oldest).toBe(parcels[0]);
    expect(new ParcelList().oldest).toBeUndefined();
  });

  it.each(['abc', 'acb', 'bac', 'bca', 'cab', 'cba'])('lets leave %s, in that order', (order) => {
    const { list, texts, remove } = make('a', 'b', 'c');
    let left = 'abc';
    for (const text of order) {
      remove(text);
      left = left.replace(text, '');
      expect(texts()).toBe(left);
      expect(list.oldest?.message).toBe(left[0]);
    }
    list.add(new Parcel(9, 'z', 0, undefined));
    expect(texts()).toBe('z');
  });

  it('adds behind those that are left', () => {
    const { list, texts, remove } = make('a', 'b', 'c');
    remove('c');
    list.add(new Parcel(9, 'z', 0, undefined));
    expect(texts()).toBe('abz');
  });

  it('cuts what has left off from the others', () => {
    const { list, parcels } = make('a', 'b', 'c');
    const [, middle] = parcels as [Parcel<string>, Parcel<string>];
    list.remove(middle);
    expect([middle.older, middle.newer]).toEqual([undefined, undefined]);
  });
});
