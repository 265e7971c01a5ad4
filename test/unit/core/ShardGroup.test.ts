import { describe, expect, it } from 'vitest';
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
});
