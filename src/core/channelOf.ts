import type { ShardChannel } from './ShardChannel.js';

/** Leads from a shard to its channel, also in another copy of this package. */
const channelKey = /* @__PURE__ */ Symbol.for('rxjs-reliable/shard');

/** What a shard carries to lead to its channel. */
export function channelProperty<T>(channel: ShardChannel<T>): PropertyDescriptorMap {
  return { [channelKey]: { value: channel } };
}

/** Whether there is a channel behind something. */
export function isShard(stream: object): boolean {
  return channelKey in stream;
}

/** The channel behind a shard. */
export function channelOf<T>(shard: object, operator: string): ShardChannel<T> {
  const channel = (shard as { readonly [channelKey]?: ShardChannel<T> })[channelKey];
  if (channel === undefined)
    throw new TypeError(`${operator}: what it was given is no shard of shardBy`);
  return channel;
}
