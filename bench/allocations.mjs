/**
 * Whether messages in order cost memory: collections of garbage while 5·10^6 of them go through each operator, after it
 * was warmed up. An object of 32 bytes for each would need ten of them. `--json FILE`.
 */
import { writeFileSync } from 'node:fs';
import { PerformanceObserver } from 'node:perf_hooks';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { map, Observable } from 'rxjs';
import {
  dedupeWithin,
  eachMessage,
  mergeShards,
  reorderBy,
  sequenceGaps,
  shardBy,
  slaTimeout,
} from 'rxjs-reliable';

const { values } = parseArgs({ options: { json: { type: 'string' } } });
const count = 5e6;

const sharded = (pipeline, order) => (source) =>
  source.pipe(shardBy('round-robin', { shards: 4 }), mergeShards(pipeline, { order }));

/** The last answer of the clock. Each one is an object anew: what asks it and nothing else costs as much. */
const read = { ms: 0.5 };

const operators = {
  'map((message) => message)': () => map((message) => message),
  'map that asks Date.now': () =>
    map((message) => {
      read.ms = Date.now();
      return message;
    }),
  sequenceGaps: () => sequenceGaps(({ seq }) => seq),
  reorderBy: () => reorderBy(({ seq }) => seq, { first: 0 }),
  'reorderBy sparse': () => reorderBy(({ seq }) => seq, { by: 'sparse', maxBuffer: 16 }),
  'dedupeWithin count': () =>
    dedupeWithin({ kind: 'count', count: 65_536 }, { keyBy: ({ seq }) => seq }),
  'dedupeWithin sequence': () =>
    dedupeWithin({ kind: 'sequence', size: 65_536, sequenceOf: ({ seq }) => seq }),
  'slaTimeout silence': () => slaTimeout(3_600_000),
  'shardBy + mergeShards arrival': () =>
    sharded((shard) => shard.pipe(map((message) => message)), 'arrival'),
  'shardBy + mergeShards source': () =>
    sharded((shard) => shard.pipe(map((message) => message)), 'source'),
  'shardBy + eachMessage': () =>
    sharded(
      eachMessage((message) => [message]),
      'arrival',
    ),
};

const beganMs = [];
new PerformanceObserver((list) => {
  beganMs.push(...list.getEntries().map(({ startTime }) => startTime));
}).observe({ entryTypes: ['gc'] });

/** One message for all, and no Subject, which allocates: so does nobody but the operator. */
const message = { seq: 0 };

async function collectionsOf(make) {
  const warmUp = 200_000;
  let startMs = 0;
  const source = new Observable((subscriber) => {
    for (message.seq = 0; message.seq < warmUp; message.seq += 1) subscriber.next(message);
    globalThis.gc?.();
    startMs = performance.now();
    for (; message.seq < warmUp + count; message.seq += 1) subscriber.next(message);
  });
  source.pipe(make()).subscribe().unsubscribe();
  const endMs = performance.now();
  // Collections are told of a little later.
  await pause(50);
  return beganMs.filter((ms) => ms > startMs && ms < endMs).length;
}

const rows = [];
for (const [operator, make] of Object.entries(operators)) {
  const row = { operator, collections: await collectionsOf(make) };
  console.log(`${operator.padEnd(30)} ${String(row.collections).padStart(4)} collections`);
  rows.push(row);
}
if (values.json !== undefined) {
  writeFileSync(values.json, `${JSON.stringify({ rows }, undefined, 2)}\n`);
}
process.exit();
