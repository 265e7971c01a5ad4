/** What a competent user would write with the stock operators of RxJS. */
import {
  bufferCount,
  concatMap,
  concatWith,
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
} from 'rxjs';

/** Order restored by a Map of what came early. */
export function stockReorder(cap) {
  return (source) =>
    defer(() => {
      const early = new Map();
      let next = 0;
      return source.pipe(
        concatMap((message) => {
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
        }),
        concatWith(defer(() => [...early.values()].sort((one, other) => one.seq - other.seq))),
      );
    });
}

export function stockGaps() {
  return (source) =>
    source.pipe(
      scan((state, message) => ({ high: Math.max(state.high, message.seq), message }), {
        high: -1,
        message: undefined,
      }),
      concatMap(({ message }) => of(message)),
    );
}

export function stockDedupe(count) {
  return (source) =>
    defer(() => {
      const seen = new Map();
      let position = 0;
      return source.pipe(
        filter((message) => {
          position += 1;
          if (position % count === 0) {
            for (const [key, at] of seen) if (at < position - count) seen.delete(key);
          }
          const at = seen.get(message.seq);
          if (at !== undefined && at >= position - count) return false;
          seen.set(message.seq, position);
          return true;
        }),
      );
    });
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

export function stockOrderedShards(shards) {
  return (source) =>
    source.pipe(
      map((message, seq) => ({ seq, message })),
      groupBy(({ message }) => hashOf(message.key) % shards),
      mergeMap((group) => group.pipe(inBatches(group.key))),
      stockReorder(Infinity),
      map(({ message }) => message),
    );
}
