import { concatMap, defer, filter, map, of, scan } from 'rxjs';
import { dedupeWithin, reorderBy, sequenceGaps } from 'rxjs-reliable';

const floor = () => map((message) => message);
const hostile = { loss: 0.01, repeat: 0.05, disorder: 0.05, displacement: 64 };

/** Order restored by a Map of what came early: what a competent user would write with stock operators. */
function stockReorder(cap) {
  return (source) =>
    defer(() => {
      const early = new Map();
      let next = 0;
      return source.pipe(
        concatMap((message) => {
          if (message.seq < next) return [];
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
      );
    });
}

function stockGaps() {
  return (source) =>
    source.pipe(
      scan((state, message) => ({ high: Math.max(state.high, message.seq), message }), {
        high: -1,
        message: undefined,
      }),
      concatMap(({ message }) => of(message)),
    );
}

function stockDedupe(count) {
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
];
