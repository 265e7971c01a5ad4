import { map, timeout } from 'rxjs';
import {
  dedupeWithin,
  mergeShards,
  reorderBy,
  sequenceGaps,
  shardBy,
  slaTimeout,
} from 'rxjs-reliable';
import { keyedSilenceLoop, orderedShardLoop, shardLoop, silenceLoop } from './limits.mjs';
import {
  inBatches,
  stockDedupe,
  stockGaps,
  stockKeyedSilence,
  stockOrderedShards,
  stockReorder,
  stockShards,
} from './stock.mjs';

const floor = () => map((message) => message);
const hostile = { loss: 0.01, repeat: 0.05, disorder: 0.05, displacement: 64 };
/** No message is this long in coming. */
const silenceMs = 3_600_000;
const shards = 4;

function sharded(pipeline, order) {
  return (source) =>
    source.pipe(
      shardBy((message) => message.key, { shards }),
      mergeShards(pipeline, { order }),
    );
}

/** What is measured: the same feed through each variant. */
export const cases = [
  {
    operator: 'sequenceGaps',
    case: 'clean',
    feed: {},
    variants: { floor, ours: () => sequenceGaps((m) => m.seq), stock: stockGaps },
  },
  {
    operator: 'sequenceGaps',
    case: 'hostile',
    feed: hostile,
    variants: { floor, ours: () => sequenceGaps((m) => m.seq), stock: stockGaps },
  },
  {
    operator: 'reorderBy',
    case: 'clean',
    feed: {},
    variants: { floor, ours: () => reorderBy((m) => m.seq), stock: () => stockReorder(256) },
  },
  {
    operator: 'reorderBy',
    case: 'hostile',
    feed: hostile,
    variants: {
      floor,
      ours: () => reorderBy((m) => m.seq, { maxBuffer: 256, maxWaitMs: Infinity }),
      stock: () => stockReorder(256),
    },
  },
  {
    operator: 'dedupeWithin',
    case: 'count 65536',
    feed: hostile,
    variants: {
      floor,
      ours: () => dedupeWithin({ kind: 'count', count: 65_536 }, { keyBy: (m) => m.seq }),
      stock: () => stockDedupe(65_536),
    },
  },
  {
    operator: 'dedupeWithin',
    case: 'sequence 65536',
    feed: hostile,
    variants: {
      floor,
      ours: () => dedupeWithin({ kind: 'sequence', size: 65_536, sequenceOf: (m) => m.seq }),
      stock: () => stockDedupe(65_536),
    },
  },
  {
    operator: 'slaTimeout',
    case: 'silence',
    feed: {},
    variants: {
      floor,
      ours: () => slaTimeout(silenceMs),
      stock: () => timeout({ each: silenceMs }),
      limit: () => silenceLoop(silenceMs),
    },
  },
  {
    operator: 'slaTimeout',
    case: '1000 keys',
    feed: {},
    variants: {
      floor,
      ours: () => slaTimeout(silenceMs, { keyBy: (m) => m.key }),
      stock: () => stockKeyedSilence(silenceMs),
      limit: () => keyedSilenceLoop(silenceMs),
    },
  },
  {
    operator: 'shardBy',
    case: 'arrival',
    feed: {},
    variants: {
      floor,
      ours: () => sharded((shard) => shard.pipe(map((message) => message)), 'arrival'),
      stock: () => stockShards(shards),
      limit: () => shardLoop(shards),
    },
  },
  {
    operator: 'shardBy',
    case: 'source order',
    feed: {},
    variants: {
      floor,
      ours: () => sharded((shard) => inBatches(shard.index)(shard), 'source'),
      stock: () => stockOrderedShards(shards),
      limit: () => orderedShardLoop(shards),
    },
  },
];
