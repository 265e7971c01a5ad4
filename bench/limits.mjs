/** The same by hand, without RxJS: `(messages, next)`. What there is to win. */
import { hashOf } from './stock.mjs';

const breach = () => {
  throw new Error('silence');
};

/** Gaps as they are noticed; what fills them is not looked for. */
export function gapLoop(onGap) {
  return (messages, next) => {
    let high = -1;
    for (const message of messages) {
      const { seq } = message;
      if (seq > high) {
        if (seq > high + 1) onGap(high + 1, seq - 1);
        high = seq;
      }
      next(message);
    }
  };
}

export function keyedGapLoop(onGap) {
  return (messages, next) => {
    const highs = new Map();
    for (const message of messages) {
      const { key, keySeq } = message;
      const high = highs.get(key) ?? -1;
      if (keySeq > high) {
        if (keySeq > high + 1) onGap(high + 1, keySeq - 1);
        highs.set(key, keySeq);
      }
      next(message);
    }
  };
}

/** A ring of what came early, at most `cap` of it; beyond that the hole is skipped. */
export function ringLoop(cap, capacity = 131_072) {
  return (messages, next) => {
    const ring = new Array(capacity).fill(undefined);
    const mask = capacity - 1;
    let [due, held] = [0, 0];
    const drain = () => {
      for (let entry = ring[due & mask]; entry !== undefined; entry = ring[due & mask]) {
        ring[due & mask] = undefined;
        held -= 1;
        due += 1;
        next(entry);
      }
    };
    const skip = () => {
      while (ring[due & mask] === undefined) due += 1;
      drain();
    };
    for (const message of messages) {
      const { seq } = message;
      if (seq === due) {
        due += 1;
        next(message);
        if (held > 0) drain();
      } else if (seq > due && ring[seq & mask] === undefined) {
        ring[seq & mask] = message;
        held += 1;
        if (held > cap) skip();
      }
    }
    while (held > 0) skip();
  };
}

/** The last `count` distinct keys in a `Set`, and a ring that says which of them is the oldest. */
export function setRingLoop(count, keyOf) {
  return (messages, next) => {
    const seen = new Set();
    const ring = new Array(count).fill(undefined);
    let at = 0;
    for (const message of messages) {
      const key = keyOf(message);
      if (seen.has(key)) continue;
      if (seen.size === count) seen.delete(ring[at]);
      seen.add(key);
      ring[at] = key;
      at = at + 1 === count ? 0 : at + 1;
      next(message);
    }
  };
}

/** One bit for each of the last `size` numbers, a power of two; what is older is dropped. */
export function bitLoop(size) {
  return (messages, next) => {
    const words = new Uint32Array(size / 32);
    let high = -1;
    for (const message of messages) {
      const { seq } = message;
      for (; high < seq; high += 1) {
        const bit = (high + 1) & (size - 1);
        words[bit >>> 5] &= ~(1 << (bit & 31));
      }
      if (seq <= high - size) continue;
      const bit = seq & (size - 1);
      if ((words[bit >>> 5] & (1 << (bit & 31))) !== 0) continue;
      words[bit >>> 5] |= 1 << (bit & 31);
      next(message);
    }
  };
}

export function silenceLoop(silenceMs) {
  return (messages, next) => {
    let heardMs = Date.now();
    for (const message of messages) {
      const nowMs = Date.now();
      if (nowMs - heardMs >= silenceMs) breach();
      heardMs = nowMs;
      next(message);
    }
  };
}

/** The key silent for longest comes first in the Map. */
export function keyedSilenceLoop(silenceMs) {
  return (messages, next) => {
    const heardMs = new Map();
    let [oldestMs] = [Infinity];
    for (const message of messages) {
      const nowMs = Date.now();
      if (nowMs - oldestMs >= silenceMs) {
        for (const atMs of heardMs.values()) {
          oldestMs = atMs;
          break;
        }
        if (nowMs - oldestMs >= silenceMs) breach();
      }
      heardMs.delete(message.key);
      heardMs.set(message.key, nowMs);
      if (oldestMs === Infinity) oldestMs = nowMs;
      next(message);
    }
  };
}

export function shardLoop(shards) {
  return (messages, next) => {
    const pipelines = Array.from({ length: shards }, () => (message) => next(message));
    for (const message of messages) pipelines[hashOf(message.key) % shards](message);
  };
}

/** Batches as in `inBatches`, and a ring of finished results. */
export function orderedShardLoop(shards, capacity = 65_536) {
  return (messages, next) => {
    const batches = Array.from({ length: shards }, () => []);
    const ring = new Array(capacity).fill(undefined);
    let [due, seq] = [0, 0];
    const finish = (batch) => {
      for (const entry of batch) ring[entry.seq % capacity] = entry;
      for (; ring[due % capacity] !== undefined; due += 1) {
        next(ring[due % capacity].message);
        ring[due % capacity] = undefined;
      }
    };
    for (const message of messages) {
      const index = hashOf(message.key) % shards;
      batches[index].push({ seq, message });
      seq += 1;
      if (batches[index].length === 4 ** index) finish(batches[index].splice(0));
    }
    for (const batch of batches) finish(batch);
  };
}
