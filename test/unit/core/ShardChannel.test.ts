import { describe, expect, it } from 'vitest';
import { Parcel } from '../../../src/core/Parcel.js';
import { make } from '../../support/shardChannelRig.js';
import { takeAll } from '../../support/takeAll.js';

describe('ShardChannel', () => {
  it('holds messages until it has a receiver', () => {
    const { channel, accept, loads } = make();
    accept('a');
    accept('b');
    expect(channel.pending).toBe(2);
    expect(loads).toEqual([0, 2]);
    const log: unknown[] = [];
    channel.subscribe(takeAll(log));
    accept('c');
    expect(log).toEqual(['a', 'b', 'c']);
    expect(channel.pending).toBe(0);
  });

  it('hands over only when the receiver is ready', () => {
    const { channel, accept } = make();
    const log: unknown[] = [];
    const receiver = takeAll<string>(log);
    channel.subscribe(receiver);
    receiver.isReady = false;
    accept('a');
    expect(log).toEqual([]);
    receiver.isReady = true;
    channel.drain();
    expect(log).toEqual(['a']);
  });

  it('hands over only when all receivers are ready', () => {
    const { channel, accept } = make();
    const log: unknown[] = [];
    const [one, other] = [takeAll<string>(log), takeAll<string>(log)];
    channel.subscribe(one);
    const leave = channel.subscribe(other);
    other.isReady = false;
    accept('a');
    expect(log).toEqual([]);
    other.isReady = true;
    channel.drain();
    expect(log).toEqual(['a', 'a']);
    other.isReady = false;
    accept('b');
    leave();
    channel.drain();
    expect(log).toEqual(['a', 'a', 'b']);
  });

  it('hands nothing over while held', () => {
    const { channel, accept } = make();
    const log: unknown[] = [];
    channel.hold();
    channel.subscribe(takeAll(log));
    accept('a');
    expect(log).toEqual([]);
    channel.release();
    expect(log).toEqual(['a']);
  });

  it('with a tracker has messages done when told so, in any order', () => {
    const { channel, accept, track } = make();
    const heard = track();
    channel.subscribe(takeAll([]));
    const [a, b, c] = [accept('a'), accept('b'), accept('c')];
    expect(heard).toEqual(['accepted a', 'accepted b', 'accepted c']);
    expect(channel.finish(b)).toBe(true);
    expect(channel.finish(b)).toBe(false);
    expect(channel.pending).toBe(2);
    expect(channel.oldestInFlight).toBe(a);
    channel.finish(a);
    expect(channel.oldestInFlight).toBe(c);
    channel.finish(c);
    expect([channel.oldestInFlight, channel.pending]).toEqual([undefined, 0]);
  });

  it('has nothing in flight that was not handed over', () => {
    const { channel, accept } = make();
    accept('a');
    expect(channel.oldestInFlight).toBeUndefined();
    expect(channel.answer()).toBeUndefined();
  });

  it('drops the oldest that waits', () => {
    const { channel, accept, reports, track } = make();
    const heard = track();
    const receiver = takeAll<string>([]);
    channel.subscribe(receiver);
    accept('a');
    receiver.isReady = false;
    accept('b');
    accept('c');
    expect(channel.dropOldest()).toBe(true);
    expect(reports).toEqual(['overflow b 1']);
    expect(heard.at(-1)).toBe('dropped b');
    channel.dropOldest();
    expect(channel.dropOldest()).toBe(false);
    expect(channel.pending).toBe(1);
  });

  it('lets go of what was swallowed, and of nothing else', () => {
    const { channel, accept, track } = make();
    track();
    channel.subscribe({
      ...takeAll<string>([]),
      take: (message) => {
        if (message === 'c') channel.answer();
      },
    });
    accept('a');
    accept('b');
    expect(channel.letGo()).toBe(false);
    accept('c');
    accept('d');
    // The answer to c was taken for one to a; b was swallowed; of c and d nobody knows.
    expect([...channel.parcels()].map(({ message }) => message)).toEqual(['b', 'c', 'd']);
    expect(channel.letGo()).toBe(true);
    expect(channel.letGo()).toBe(false);
  });

  it('hands everything over again after a rewind', () => {
    const { channel, accept, track } = make();
    track();
    const log: unknown[] = [];
    channel.subscribe(takeAll(log));
    const a = accept('a');
    accept('b');
    accept('c');
    channel.finish(a);
    channel.rewind();
    channel.drain();
    expect(log).toEqual(['a', 'b', 'c', 'b', 'c']);
  });

  it('has nothing to let go of while nothing is in flight, nor after a rewind', () => {
    const { channel, accept, track } = make();
    track();
    expect(channel.letGo()).toBe(false);
    channel.subscribe(takeAll([]));
    accept('a');
    channel.rewind();
    channel.drain();
    expect(channel.letGo()).toBe(false);
  });

  it('gives account of what it has', () => {
    const { channel, accept, reports } = make();
    accept('a');
    channel.discard();
    channel.discard();
    expect(reports).toEqual(['discarded a 1']);
  });

  it('has done what was handed over when its tracker leaves', () => {
    const { channel, accept, track } = make();
    track();
    const receiver = takeAll<string>([]);
    channel.subscribe(receiver);
    accept('a');
    receiver.isReady = false;
    accept('b');
    channel.leave();
    expect([channel.pending, channel.tracker]).toEqual([1, undefined]);
  });

  it('says which message is next', () => {
    const { channel, accept } = make();
    expect(channel.nextTicket).toBeUndefined();
    accept('a');
    accept('b');
    expect(channel.nextTicket).toBe(0);
    channel.dropOldest();
    expect(channel.nextTicket).toBe(1);
  });

  it('releases the shard of a key with the last message that bears it', () => {
    const { channel } = make();
    let released = 0;
    const load = { index: 1, count: 2, release: () => (released += 1) };
    const parcels = [0, 1].map((ticket) => new Parcel(ticket, 'a', 'key', load));
    for (const parcel of parcels) channel.accept(parcel);
    channel.dropOldest();
    expect([load.count, released]).toEqual([1, 0]);
    channel.dropOldest();
    expect([load.count, released]).toEqual([0, 1]);
  });

  it('hands over one message after the other, not one within another', () => {
    const { channel, accept } = make();
    const log: unknown[] = [];
    channel.subscribe({
      ...takeAll<string>([]),
      take: (message) => {
        if (message === 'a') accept('b');
        log.push(message);
      },
    });
    accept('a');
    expect(log).toEqual(['a', 'b']);
  });

  it('has nothing in flight after a rewind, and nothing swallowed', () => {
    const { channel, accept, track } = make();
    track();
    const receiver = {
      ...takeAll<string>([]),
      take: (message: string) => {
        if (message === 'c') channel.answer();
      },
    };
    channel.subscribe(receiver);
    for (const message of ['a', 'b', 'c']) accept(message);
    channel.rewind();
    expect(channel.oldestInFlight).toBeUndefined();
    receiver.take = () => undefined;
    channel.drain();
    expect(channel.oldestInFlight?.message).toBe('b');
    expect(channel.letGo()).toBe(false);
  });

  it('drops a message where nobody tracks it', () => {
    const { channel, accept } = make();
    channel.drop(accept('a'));
    expect(channel.pending).toBe(0);
  });
});
