import { describe, expect, it } from 'vitest';
import { Parcel } from '../../../src/core/Parcel.js';
import { channelOf, channelProperty } from '../../../src/core/channelOf.js';
import { ShardChannel } from '../../../src/core/ShardChannel.js';
import { shardOf } from '../../../src/rx/shardOf.js';
import { record } from '../../support/record.js';

const rig = () => {
  const channel = new ShardChannel<string>(2, [0, 0, 0], () => undefined);
  return { channel, shard: shardOf(channel, 3, channelProperty(channel)) };
};

describe('shardOf', () => {
  it('is the stream of the messages of its channel', () => {
    const { channel, shard } = rig();
    channel.accept(new Parcel(0, 'a', undefined, undefined));
    const log = record(shard);
    channel.accept(new Parcel(1, 'b', undefined, undefined));
    channel.complete();
    expect(log).toEqual(['a', 'b', '|']);
  });

  it('looks at messages alone: they can pass', () => {
    const { channel, shard } = rig();
    const log = record(shard);
    expect(channel.pass(0, 'a', undefined, undefined)).toBe(true);
    expect(log).toEqual(['a']);
  });

  it('fails with its channel', () => {
    const { channel, shard } = rig();
    const log = record(shard);
    channel.fail('broken');
    expect(log).toEqual(['broken']);
  });

  it('shows where it stands among the shards, and what is not done', () => {
    const { channel, shard } = rig();
    expect(shard).toMatchObject({ index: 2, size: 3, pending: 0 });
    channel.accept(new Parcel(0, 'a', undefined, undefined));
    expect(shard.pending).toBe(1);
    expect(Object.keys(shard)).toEqual(expect.arrayContaining(['index', 'size', 'pending']));
  });

  it('leads back to its channel', () => {
    const { channel, shard } = rig();
    expect(channelOf(shard, 'test')).toBe(channel);
  });
});
