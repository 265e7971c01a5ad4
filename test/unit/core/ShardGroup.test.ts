import { describe, expect, it } from 'vitest';
import type { Parcel } from '../../../src/core/Parcel.js';
import type { ShardChannel } from '../../../src/core/ShardChannel.js';
import { ShardGroup, type ShardSettings } from '../../../src/core/ShardGroup.js';
import type { ShardByEvent } from '../../../src/core/ShardEvent.js';
import { takeAll } from '../../support/takeAll.js';

function make(settings: Partial<ShardSettings<string, unknown>> = {}) {
  const events: ShardByEvent<string, unknown>[] = [];
  const group = new ShardGroup<string, unknown>(
    {
      shards: 2,
      route: { policy: 'round-robin' },
      maxPending: 2,
      overflowPolicy: 'drop-newest',
      ...settings,
    },
    (event) => events.push(event),
  );
  const send = (...messages: string[]): void => messages.forEach((message) => group.push(message));
  const told = (): string[] => events.map(({ kind, message }) => `${kind} ${message}`);
  return { group, send, told, events };
}

describe('ShardGroup', () => {
  it('numbers the messages that it accepts', () => {
    const { group, send } = make({ shards: 1 });
    send('a', 'b', 'c');
    group.channels[0]?.subscribe(takeAll([]));
    send('d');
    group.channels.forEach((channel) => channel.hold());
    send('e');
    expect([...(group.channels[0]?.parcels() ?? [])].map(({ ticket }) => ticket)).toEqual([3]);
  });

  it('numbers those that pass, too', () => {
    const { group, send } = make({ shards: 1 });
    const tickets: number[] = [];
    group.channels[0]?.subscribe({
      ...takeAll<string>([]),
      isPlain: true,
      take: (_, { ticket }) => tickets.push(ticket),
    });
    send('a', 'b', 'c');
    expect(tickets).toEqual([0, 1, 2]);
  });

  it('drops what is too much', () => {
    const { send, told } = make();
    send('a', 'b', 'c', 'd', 'e', 'f');
    expect(told()).toEqual(['overflow e', 'overflow f']);
  });

  it('throws for what is too much where that is wanted', () => {
    const { send } = make({ overflowPolicy: 'error', shards: 1 });
    expect(() => {
      send('a', 'b', 'c');
    }).toThrow('shardBy: more than 2 messages to hold');
  });

  it('makes room where that is wanted', () => {
    const { send, told, group } = make({ overflowPolicy: 'drop-oldest', shards: 1 });
    send('a', 'b', 'c');
    expect(told()).toEqual(['overflow a']);
    expect(group.channels[0]?.pending).toBe(2);
  });

  it('makes room by letting go of what a pipeline has swallowed', () => {
    const { send, told, group } = make({ shards: 1, maxPending: 3 });
    const channel = group.channels[0] as ShardChannel<string>;
    channel.tracker = {
      line: { isClear: true },
      accepted: () => undefined,
      dropped: () => undefined,
    };
    channel.subscribe({
      ...takeAll([]),
      take: (message: string) => {
        if (message === 'c') channel.answer();
      },
    });
    // The answer to c was taken for one to a; so b is swallowed, but not c.
    send('a', 'b', 'c', 'd', 'e', 'f');
    expect(told()).toEqual(['overflow f']);
    expect([...channel.parcels()].map(({ message }) => message)).toEqual(['c', 'd', 'e']);
  });

  it('names the key in events', () => {
    const { send, events } = make({
      shards: 1,
      maxPending: 1,
      route: { policy: 'hash', keyBy: (text) => text.length, seed: 0 },
    });
    send('a', 'bb');
    expect(events[0]).toEqual({
      kind: 'overflow',
      message: 'bb',
      key: 2,
      shard: 0,
      passed: false,
    });
  });

  it('forgets the shard of a key that was not accepted', () => {
    const { send, group, told } = make({
      maxPending: 1,
      route: { policy: 'least-busy', keyBy: (text) => text },
    });
    send('a', 'b', 'c');
    expect(told()).toEqual(['overflow c']);
    group.channels[1]?.subscribe(takeAll([]));
    send('c');
    expect(told()).toEqual(['overflow c']);
  });

  it('orphans what comes for closed shards', () => {
    const { send, group, told } = make();
    send('a');
    for (const channel of group.channels) channel.close();
    send('b');
    expect(told()).toEqual(['orphaned a', 'orphaned b']);
  });

  it('hands nothing over to whoever still listens to a closed shard', () => {
    const { group, send, told } = make({ shards: 1 });
    const log: unknown[] = [];
    group.channels[0]?.subscribe({ ...takeAll<string>(log), isPlain: true });
    send('a');
    group.channels[0]?.close();
    send('b');
    expect([log, told()]).toEqual([['a'], ['orphaned b']]);
  });

  it('orphans what room was made for, if the shard was closed by that', () => {
    const told: string[] = [];
    const group: ShardGroup<string, unknown> = new ShardGroup<string, unknown>(
      {
        shards: 1,
        route: { policy: 'round-robin' },
        maxPending: 1,
        overflowPolicy: 'drop-oldest',
      },
      ({ kind, message }) => {
        told.push(`${kind} ${message}`);
        if (kind === 'overflow') group.channels[0]?.close();
      },
    );
    group.push('a');
    group.push('b');
    expect(told).toEqual(['overflow a', 'orphaned b']);
    expect(group.channels[0]?.pending).toBe(0);
  });

  it('ends, fails, discards and stops all of them', () => {
    for (const [end, expected] of [
      ['complete', ['|', '|']],
      ['fail', ['broken', 'broken']],
      ['stop', []],
    ] as const) {
      const { group } = make();
      const log: unknown[] = [];
      for (const channel of group.channels) channel.subscribe(takeAll(log));
      if (end === 'fail') group.fail('broken');
      else group[end]();
      expect(log).toEqual(expected);
    }
    const { group, send, told } = make();
    send('a', 'b');
    group.discard();
    expect(told()).toEqual(['discarded a', 'discarded b']);
  });

  it('makes room for what comes by what a pipeline must have swallowed, without a report', () => {
    const { send, group, told } = make({ shards: 1, overflowPolicy: 'error' });
    const [channel] = group.channels;
    if (channel === undefined) throw new Error('no shard');
    channel.tracker = {
      line: { isClear: true },
      accepted: () => undefined,
      dropped: () => undefined,
    };
    channel.subscribe({
      ...takeAll<string>([]),
      take: (message) => {
        if (message === 'c') channel.answer();
      },
    });
    // The answer to c is taken for that of a; b was swallowed.
    send('a', 'b');
    channel.finish([...channel.parcels()][0] as Parcel<string>);
    send('c', 'd');
    expect(told()).toEqual([]);
    expect(channel.pending).toBe(2);
  });

  it('forgets what waits when it is stopped, but not after completion', () => {
    for (const isComplete of [false, true]) {
      const { group, send } = make({ shards: 1 });
      send('a');
      if (isComplete) group.complete();
      group.stop();
      expect(group.channels[0]?.pending).toBe(isComplete ? 1 : 0);
    }
  });

  it('needs nobody to listen', () => {
    const group = new ShardGroup<string, unknown>(
      {
        shards: 1,
        route: { policy: 'round-robin' },
        maxPending: 1,
        overflowPolicy: 'drop-newest',
      },
      undefined,
    );
    for (const message of ['a', 'b']) group.push(message);
    group.channels[0]?.close();
    group.push('c');
    expect(group.channels[0]?.pending).toBe(0);
  });
});
