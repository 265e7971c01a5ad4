/** The same by hand, without RxJS: `(messages, next)`. What there is to win. */
import { hashOf } from './stock.mjs';

const breach = () => {
  throw new Error('silence');
};

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
