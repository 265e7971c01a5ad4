import { map, timeout } from 'rxjs';
import {
  dedupeWithin,
  mergeShards,
  reorderBy,
  sequenceGaps,
  shardBy,
  slaTimeout,
} from 'rxjs-reliable';
import { chainSettings, ourChain } from './chain.mjs';
import {
  bitLoop,
  gapLoop,
  keyedGapLoop,
  keyedSilenceLoop,
  orderedShardLoop,
  ringLoop,
  setRingLoop,
  shardLoop,
  silenceLoop,
} from './limits.mjs';
import { otherDedupe, otherGaps, otherReorder } from './others.mjs';
import {
  inBatches,
  stockChain,
  stockDedupe,
  stockGapsByScan,
  stockGapsByTap,
  stockKeyedGaps,
  stockKeyedSilence,
  stockOrderedShards,
  stockReorder,
  stockShards,
  stockSilence,
} from './stock.mjs';

const floor = () => map((message) => message);
const displaced = (displacement) => ({ disorder: 0.05, displacement });
const lossy = { loss: 0.01 };
const hostile = { loss: 0.01, repeat: 0.05, disorder: 0.05, displacement: 64 };
/** No message is this long in coming. */
const silenceMs = 3_600_000;
const window = 65_536;
const unchanged = (shard) => shard.pipe(map((message) => message));

/** Gaps are only counted: what is done with them is the user's. */
const counted = { gaps: 0 };
const onGap = () => {
  counted.gaps += 1;
};
const onEvent = ({ kind }) => {
  if (kind === 'gap') counted.gaps += 1;
};

const gapVariants = {
  floor,
  ours: () => sequenceGaps(({ seq }) => seq, { onEvent }),
  'stock: tap': () => stockGapsByTap(onGap),
  'stock: scan + concatMap': () => stockGapsByScan(onGap),
  limit: () => gapLoop(onGap),
  ...otherGaps(onGap),
};

const reorderVariants = (maxBuffer) => ({
  floor,
  ours: () => reorderBy(({ seq }) => seq, { first: 0, maxBuffer, maxWaitMs: Infinity }),
  'stock: concatMap + Map': () => stockReorder(maxBuffer),
  limit: () => ringLoop(maxBuffer),
  ...otherReorder(maxBuffer),
});

function sharded(shards, pipeline, order) {
  return (source) =>
    source.pipe(
      shardBy(({ key }) => key, { shards }),
      mergeShards(pipeline, { order }),
    );
}

const arrivalVariants = (shards) => ({
  floor,
  ours: () => sharded(shards, unchanged, 'arrival'),
  'stock: groupBy + mergeMap': () => stockShards(shards),
  limit: () => shardLoop(shards),
});

/**
 * What is measured: the same feed through each variant. `goals` are ratios that ours is to reach: to `floor`, to the
 * `limit`, or to a variant by name.
 */
export const cases = [
  {
    operator: 'sequenceGaps',
    case: 'clean',
    feed: {},
    variants: gapVariants,
    goals: { floor: 1, 'stock: tap': 1, 'stock: scan + concatMap': 1 / 8 },
  },
  {
    operator: 'sequenceGaps',
    case: '1 % lost',
    feed: lossy,
    variants: gapVariants,
    goals: { floor: 1.4, 'stock: tap': 1, 'stock: scan + concatMap': 1 / 8 },
  },
  {
    operator: 'sequenceGaps',
    case: 'hostile',
    feed: hostile,
    variants: gapVariants,
    goals: { floor: 1.5, 'stock: tap': 1, 'stock: scan + concatMap': 1 / 8 },
  },
  ...[
    ['100,000 keys', false],
    ['keys at random', true],
  ].map(([name, isMixed]) => ({
    operator: 'sequenceGaps',
    case: name,
    feed: { keys: 100_000, isMixed },
    variants: {
      floor,
      ours: () =>
        sequenceGaps(({ keySeq }) => keySeq, {
          keyBy: ({ key }) => key,
          maxKeys: 200_000,
          onEvent,
        }),
      'stock: groupBy': () => stockKeyedGaps(onGap),
      limit: () => keyedGapLoop(onGap),
    },
    goals: { 'stock: groupBy': 1 / 20, limit: 1.4 },
  })),
  {
    operator: 'reorderBy',
    case: 'clean',
    feed: {},
    variants: reorderVariants(256),
    goals: { floor: 1, 'stock: concatMap + Map': 1 / 10, limit: 2.5 },
  },
  {
    operator: 'reorderBy',
    case: 'displaced by 64',
    feed: displaced(64),
    variants: reorderVariants(256),
    goals: { floor: 1.4, 'stock: concatMap + Map': 1 / 10, limit: 2.5 },
  },
  {
    operator: 'reorderBy',
    case: 'displaced by 4,096',
    feed: displaced(4_096),
    variants: reorderVariants(8_192),
    goals: { floor: 1.5, 'stock: concatMap + Map': 1 / 10, limit: 2.5 },
  },
  {
    operator: 'reorderBy',
    case: 'hostile',
    feed: hostile,
    variants: reorderVariants(256),
    goals: { floor: 1.5, 'stock: concatMap + Map': 1 / 10, limit: 2.5 },
  },
  {
    operator: 'dedupeWithin',
    case: 'integers',
    feed: hostile,
    variants: {
      floor,
      ours: () => dedupeWithin({ kind: 'count', count: window }, { keyBy: ({ seq }) => seq }),
      'stock: filter + Map': () => stockDedupe(window),
      limit: () => setRingLoop(window, ({ seq }) => seq),
      ...otherDedupe(window),
    },
    goals: { floor: 2.5, 'stock: filter + Map': 1 / 2.5 },
  },
  {
    operator: 'dedupeWithin',
    case: '100,000 strings',
    feed: { keys: 150_000 },
    variants: {
      floor,
      ours: () => dedupeWithin({ kind: 'count', count: 100_000 }, { keyBy: ({ key }) => key }),
      'stock: filter + Map': () => stockDedupe(100_000, ({ key }) => key),
      limit: () => setRingLoop(100_000, ({ key }) => key),
      ...otherDedupe(100_000, ({ key }) => key),
    },
    goals: { 'stock: filter + Map': 1 / 1.4, limit: 1.3 },
  },
  {
    operator: 'dedupeWithin',
    case: 'sequence',
    feed: hostile,
    variants: {
      floor,
      ours: () => dedupeWithin({ kind: 'sequence', size: window, sequenceOf: ({ seq }) => seq }),
      'stock: filter + Map': () => stockDedupe(window),
      limit: () => bitLoop(window),
    },
    goals: { floor: 1.4 },
  },
  {
    operator: 'slaTimeout',
    case: 'silence',
    feed: {},
    variants: {
      floor,
      ours: () => slaTimeout(silenceMs),
      'stock: timeout': () => timeout({ each: silenceMs }),
      'stock: debounceTime': () => stockSilence(silenceMs),
      limit: () => silenceLoop(silenceMs),
    },
    goals: { 'stock: timeout': 1 / 5, 'stock: debounceTime': 1 / 2.5, limit: 1.3 },
  },
  ...[1_000, 100_000].map((keys) => ({
    operator: 'slaTimeout',
    case: `${keys.toLocaleString('en')} keys`,
    feed: { keys },
    variants: {
      floor,
      ours: () => slaTimeout(silenceMs, { keyBy: ({ key }) => key, maxKeys: 200_000 }),
      'stock: groupBy + debounceTime': () => stockKeyedSilence(silenceMs),
      limit: () => keyedSilenceLoop(silenceMs),
    },
    goals: { 'stock: groupBy + debounceTime': 1 / 10, limit: 1.5 },
  })),
  ...[4, 16].map((shards) => ({
    operator: 'shardBy',
    case: `arrival, ${shards} shards`,
    feed: {},
    variants: arrivalVariants(shards),
    goals: { floor: 3, 'stock: groupBy + mergeMap': 1 / 1.8 },
  })),
  {
    operator: 'shardBy',
    case: 'source order',
    feed: {},
    variants: {
      floor,
      ours: () => sharded(4, (shard) => inBatches(shard.index)(shard), 'source'),
      'stock: groupBy + reorder': () => stockOrderedShards(4),
      limit: () => orderedShardLoop(4),
    },
    goals: { 'stock: groupBy + reorder': 1 / 3, limit: 3.2 },
  },
  {
    operator: 'all six',
    case: 'hostile',
    feed: hostile,
    variants: {
      floor,
      ours: () => ourChain(onEvent),
      stock: () => stockChain({ ...chainSettings, onGap }),
    },
    goals: { stock: 1 / 6 },
  },
];
