import { describe, expect, it } from 'vitest';
import { Parcel } from '../../../src/core/Parcel.js';
import { ReceiverList } from '../../../src/core/ReceiverList.js';
import { takeAll } from '../../support/takeAll.js';

const parcel = new Parcel(0, 'a', undefined, undefined);
const plain = { ...takeAll<string>([]), isPlain: true };

describe('ReceiverList', () => {
  it('gives every message to all, in the order in which they came', () => {
    const list = new ReceiverList<string>();
    const log: unknown[] = [];
    for (const name of [1, 2]) {
      list.add({ ...takeAll(log), take: (message, taken) => log.push([name, message, taken]) });
    }
    list.take('a', parcel);
    expect(log).toEqual([
      [1, 'a', parcel],
      [2, 'a', parcel],
    ]);
  });

  it('is ready when there is somebody and all of them are', () => {
    const list = new ReceiverList<string>();
    expect(list.areReady).toBe(false);
    const [one, other] = [takeAll<string>([]), takeAll<string>([])];
    list.add(one);
    expect(list.areReady).toBe(true);
    one.isReady = false;
    expect(list.areReady).toBe(false);
    list.add(other);
    expect(list.areReady).toBe(false);
    one.isReady = true;
    expect(list.areReady).toBe(true);
  });

  it('knows its only receiver if that is plain', () => {
    const list = new ReceiverList<string>();
    const other = takeAll<string>([]);
    expect(list.plain).toBeUndefined();
    list.add(plain);
    expect(list.plain).toBe(plain);
    list.add(other);
    expect(list.plain).toBeUndefined();
    list.remove(plain);
    expect(list.plain).toBeUndefined();
    list.remove(other);
    list.add(plain);
    list.clear();
    expect([list.plain, list.areReady]).toEqual([undefined, false]);
  });

  it('has whoever comes while a message is given out wait for the next', () => {
    const list = new ReceiverList<string>();
    const log: unknown[] = [];
    list.add({
      ...takeAll([]),
      take: () => {
        list.add(takeAll(log));
      },
    });
    list.take('a', parcel);
    expect(log).toEqual([]);
  });

  it('tells all of the end, and forgets them first', () => {
    const list = new ReceiverList<string>();
    const log: unknown[] = [];
    list.add({ ...takeAll(log), complete: () => log.push(list.areReady) });
    list.add(takeAll(log));
    list.end({});
    expect(log).toEqual([false, '|']);
    list.add(takeAll(log));
    list.end({ error: undefined });
    expect(log).toEqual([false, '|', undefined]);
  });
});
