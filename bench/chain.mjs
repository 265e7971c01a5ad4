import { map } from 'rxjs';
import {
  dedupeWithin,
  mergeShards,
  reorderBy,
  sequenceGaps,
  shardBy,
  slaTimeout,
} from 'rxjs-reliable';

/** Holes are waited for by number only, so that all variants can agree. */
const maxBuffer = 256;
/** No message is this long in coming. */
const silenceMs = 3_600_000;

/** All six operators, one after the other. */
export const ourChain = (onEvent) => (source) =>
  source.pipe(
    dedupeWithin({ kind: 'sequence', size: 65_536, sequenceOf: ({ seq }) => seq }),
    sequenceGaps(({ seq }) => seq, { onEvent }),
    reorderBy(({ seq }) => seq, { first: 0, maxBuffer, maxWaitMs: Infinity }),
    slaTimeout(silenceMs),
    shardBy(({ key }) => key, { shards: 4 }),
    mergeShards((shard) => shard.pipe(map((message) => message)), { order: 'source' }),
  );

/** What {@link ourChain} has to be told to be compared with. */
export const chainSettings = { window: 65_536, cap: maxBuffer, silenceMs, shards: 4 };
