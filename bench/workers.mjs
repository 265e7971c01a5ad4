/**
 * What worker shards gain: the same messages through one pipeline in this thread, one worker and two workers, side by
 * side in rounds, for several amounts of work per message; then from how much work on two workers are faster than none.
 * `--rounds N`, `--batch N`, `--check R`: fails unless two workers reach R times the throughput with 50 µs of work.
 */
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import { from, map, Subject } from 'rxjs';
import { mergeShards, shardBy } from 'rxjs-reliable';
import { inWorker } from 'rxjs-reliable/worker';
import { spin, turnsPerMicrosecond } from './spin.mjs';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    batch: { type: 'string', default: '64' },
    work: { type: 'string', default: '0,0.5,1,2,3,5,10,20,50,200' },
    check: { type: 'string' },
  },
});
const rounds = Number(values.rounds);
const maxBatch = Number(values.batch);
const perMicrosecond = turnsPerMicrosecond();

const spawn = () => new Worker(new URL('./workerPipeline.mjs', import.meta.url));

const inThread = () => ({
  operators: [map(({ seq, turns }) => spin(turns, seq))],
});

/** Workers that live through all rounds: what is measured is the work, not the start. */
const inWorkers = (shards) => ({
  operators: [
    shardBy('least-busy', { shards, maxPending: 2 ** 24 }),
    mergeShards((shard) => shard.pipe(inWorker(spawn, { maxBatch, maxInFlight: 4 * maxBatch }))),
  ],
});

class Lane {
  source = new Subject();
  left = 0;
  sum = 0;

  constructor({ operators }) {
    this.subscription = this.source.pipe(...operators).subscribe((result) => {
      this.sum = (this.sum + result) | 0;
      this.left -= 1;
      if (this.left === 0) this.done();
    });
  }

  /** Microseconds per message, of the wall clock, and the sum of the results. */
  async run(messages) {
    this.left = messages.length;
    this.sum = 0;
    const began = performance.now();
    await new Promise((resolve) => {
      this.done = resolve;
      from(messages).subscribe((message) => this.source.next(message));
    });
    return { each: ((performance.now() - began) * 1_000) / messages.length, sum: this.sum };
  }
}

const feed = (microseconds) => {
  const count = Math.round(Math.min(40_000, Math.max(2_000, 400_000 / (microseconds + 1))));
  const turns = Math.round(microseconds * perMicrosecond);
  return Array.from({ length: count }, (_, seq) => ({
    seq,
    key: `device-${seq % 1_000}`,
    ts: 1_700_000_000_000 + seq,
    turns,
  }));
};

const median = (numbers) => [...numbers].sort((one, other) => one - other)[numbers.length >> 1];
const spread = (numbers) => `${Math.min(...numbers).toFixed(2)}-${Math.max(...numbers).toFixed(2)}`;

const lanes = [inThread(), inWorkers(1), inWorkers(2)].map((lane) => new Lane(lane));
console.log(`batches of ${maxBatch}, ${rounds} rounds, ${process.version}`);
console.log(
  'work/message   in thread   1 worker   2 workers   gain of 1 (spread)   gain of 2 (spread)',
);
const gains = [];
for (const microseconds of values.work.split(',').map(Number)) {
  const messages = feed(microseconds);
  const times = [[], [], []];
  for (let round = -1; round < rounds; round += 1) {
    const sums = new Set();
    for (const [index, lane] of lanes.entries()) {
      const { each, sum } = await lane.run(messages);
      sums.add(sum);
      if (round >= 0) times[index].push(each);
    }
    if (sums.size > 1) throw new Error('the variants have different results');
  }
  const [none, one, two] = times;
  const ratios = (other) => none.map((time, round) => time / other[round]);
  gains.push({ microseconds, gain: median(ratios(two)), most: Math.max(...ratios(two)) });
  console.log(
    `${microseconds} µs`.padStart(12),
    ...times.map((each) => `${median(each).toFixed(2)} µs`.padStart(11)),
    ...[one, two].map((other) =>
      `${median(ratios(other)).toFixed(2)}x (${spread(ratios(other))})`.padStart(21),
    ),
  );
}
for (const { subscription } of lanes) subscription.unsubscribe();

/** Where the gain crosses 1, between two amounts of work. */
function breakEven() {
  for (const [index, { gain, microseconds }] of gains.entries()) {
    if (gain < 1) continue;
    const before = gains[index - 1];
    if (before === undefined) return microseconds;
    const share = (1 - before.gain) / (gain - before.gain);
    return before.microseconds + share * (microseconds - before.microseconds);
  }
  return Infinity;
}
console.log(
  `two workers are faster from about ${breakEven().toFixed(1)} µs of work per message on`,
);

if (values.check !== undefined) {
  const { most = 0 } = gains.find(({ microseconds }) => microseconds === 50) ?? {};
  const isEnough = most >= Number(values.check);
  console.log(`${isEnough ? '✓' : '✗'} best of ${rounds} rounds with 50 µs: ${most.toFixed(2)}x`);
  process.exitCode = isEnough ? 0 : 1;
}
