/** What a competent user would write with the stock operators of RxJS. */
import {
  bufferCount,
  concatMap,
  concatWith,
  connect,
  debounceTime,
  defer,
  filter,
  groupBy,
  ignoreElements,
  map,
  merge,
  mergeAll,
  mergeMap,
  of,
  scan,
  tap,
  timeout,
} from 'rxjs';

/** Order restored by a Map of what came early, in whatever library: each message makes a list of those that may go. */
export function mapOfEarly(cap) {
  const early = new Map();
  let next = 0;
  const step = (message) => {
    if (message.seq < next || early.has(message.seq)) return [];
    early.set(message.seq, message);
    if (early.size > cap) next = Math.min(...early.keys());
    const ready = [];
    for (let found = early.get(next); found !== undefined; found = early.get(next)) {
      early.delete(next);
      ready.push(found);
      next += 1;
    }
    return ready;
  };
  const rest = () => [...early.values()].sort((one, other) => one.seq - other.seq);
  return { step, rest };
}

export function stockReorder(cap) {
  return (source) =>
    defer(() => {
      const { step, rest } = mapOfEarly(cap);
      return source.pipe(concatMap(step), concatWith(defer(rest)));
    });
}

/** Notices gaps, in whatever library. */
export function gapWatch(onGap) {
  let high = -1;
  return ({ seq }) => {
    if (seq > high + 1) onGap(high + 1, seq - 1);
    if (seq > high) high = seq;
  };
}

/** The quickest way to notice gaps: state beside the stream. */
export function stockGapsByTap(onGap) {
  return (source) => defer(() => source.pipe(tap(gapWatch(onGap))));
}

/** The way that has gaps in the stream, as one would have to for `sequenceGaps` with markers. */
export function stockGapsByScan(onGap) {
  return (source) =>
    source.pipe(
      scan(
        ({ high }, message) => {
          if (message.seq > high + 1) onGap(high + 1, message.seq - 1);
          return { high: Math.max(high, message.seq), message };
        },
        { high: -1, message: undefined },
      ),
      concatMap(({ message }) => of(message)),
    );
}

export function stockKeyedGaps(onGap) {
  return (source) =>
    source.pipe(
      groupBy(({ key }) => key),
      mergeMap((group) => {
        let high = -1;
        return group.pipe(
          tap(({ keySeq }) => {
            if (keySeq > high + 1) onGap(high + 1, keySeq - 1);
            if (keySeq > high) high = keySeq;
          }),
        );
      }),
    );
}

/**
 * Whether a key is none of the last `count` distinct ones, exactly, in whatever library: what is older is thrown out now
 * and then, which is quicker than each time.
 */
export function isNew(count, keyOf = ({ seq }) => seq) {
  const ordinals = new Map();
  let ordinal = 0;
  return (message) => {
    const key = keyOf(message);
    if (ordinals.get(key) > ordinal - count) return false;
    ordinal += 1;
    ordinals.delete(key);
    ordinals.set(key, ordinal);
    if (ordinal % count === 0) {
      for (const [old, at] of ordinals) {
        if (at > ordinal - count) break;
        ordinals.delete(old);
      }
    }
    return true;
  };
}

export function stockDedupe(count, keyOf) {
  return (source) => defer(() => source.pipe(filter(isNew(count, keyOf))));
}

/** A silence of the whole stream, told beside it. */
export function stockSilence(silenceMs) {
  return (source) =>
    source.pipe(
      connect((shared) => merge(shared, shared.pipe(debounceTime(silenceMs), ignoreElements()))),
    );
}

/** Silence of each key. At completion it takes the last message of each key for silence: let pass. */
export function stockKeyedSilence(silenceMs) {
  return (source) =>
    source.pipe(
      groupBy((message) => message.key),
      mergeMap((group) => merge(group, group.pipe(debounceTime(silenceMs), ignoreElements()))),
    );
}

export function hashOf(key) {
  let hash = 0x811c9dc5;
  for (let index = 0; index < key.length; index += 1) {
    hash = Math.imul(hash ^ key.charCodeAt(index), 0x01000193);
  }
  return hash >>> 0;
}

export function stockShards(shards) {
  return (source) =>
    source.pipe(
      groupBy((message) => hashOf(message.key) % shards),
      mergeMap((group) => group.pipe(map((message) => message))),
    );
}

/** A pipeline that answers in batches, the greater the shard's index the larger: results of shards cross. */
export const inBatches = (index) => (source) => source.pipe(bufferCount(4 ** index), mergeAll());

export function stockOrderedShards(shards, pipeline = (group) => group.pipe(inBatches(group.key))) {
  return (source) =>
    source.pipe(
      map((message, seq) => ({ seq, message })),
      groupBy(({ message }) => hashOf(message.key) % shards),
      mergeMap(pipeline),
      stockReorder(Infinity),
      map(({ message }) => message),
    );
}

/** All of it, one after the other, as a user without this package would have to write it. */
export function stockChain({ window, cap, silenceMs, shards, onGap }) {
  return (source) =>
    source.pipe(
      stockDedupe(window),
      stockGapsByTap(onGap),
      stockReorder(cap),
      timeout({ each: silenceMs }),
      stockOrderedShards(shards),
    );
}
