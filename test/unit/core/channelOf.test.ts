import { describe, expect, it } from 'vitest';
import { channelOf, channelProperty, isShard } from '../../../src/core/channelOf.js';
import { make } from '../../support/shardChannelRig.js';

describe('channelOf', () => {
  it('is found behind its shard', () => {
    const { channel } = make();
    const shard = Object.defineProperties({}, channelProperty(channel));
    expect(channelOf(shard, 'test')).toBe(channel);
    expect(() => channelOf({}, 'test')).toThrow('test: what it was given is no shard of shardBy');
  });

  it('leads to its channel by a mark that other copies of the package look for', () => {
    const { channel } = make();
    const shard = Object.defineProperties({}, channelProperty(channel));
    expect(Reflect.get(shard, Symbol.for('rxjs-reliable/shard'))).toBe(channel);
    expect([isShard(shard), isShard({})]).toEqual([true, false]);
  });
});
