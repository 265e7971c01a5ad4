/**
 * What worker shards gain: the same messages through one pipeline in this thread, and one or two workers, cloned and as
 * columns, side by side in rounds, for several amounts of work per message; then from how much work on two workers are
 * faster than none. `--rounds N`, `--batch N`, `--check R`: fails unless two workers reach R times the throughput with
 * 50 µs of work.
 */
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import { map, Subject } from 'rxjs';
import { mergeShards, shardBy } from 'rxjs-reliable';
import { inWorker } from 'rxjs-reliable/worker';
import { codecs } from './workerCodecs.mjs';
import { spin, turnsPerMicrosecond } from './spin.mjs';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    batch: { type: 'string', default: '64' },
    work: { type: 'string', default: '0,0.2,0.5,1,2,3,5,10,20,50,200' },
    check: { type: 'string' },
  },
});
const rounds = Number(values.rounds);
const maxBatch = Number(values.batch);
const perMicrosecond = turnsPerMicrosecond();

const spawn = (workerData) => () =>
  new Worker(new URL('./workerPipeline.mjs', import.meta.url), { workerData });

const inThread = () => ({
  operators: [map(({ seq, turns }) => spin(turns, seq))],
});

/** Workers that live through all rounds: what is measured is the work, not the start. */
const inWorkers = (shards, form) => {
  const options = { maxBatch, maxInFlight: 4 * maxBatch, ...codecs[form] };
  return {
    operators: [
      shardBy('least-busy', { shards }),
      mergeShards((shard) => shard.pipe(inWorker(spawn(form), options))),
    ],
  };
};

/** So many messages are under way at most, as those of a feed that is kept up with. */
const mostUnderWay = 8 * maxBatch;

class Lane {
  source = new Subject();
  left = 0;
  sum = 0;

  constructor({ operators }) {
    this.subscription = this.source.pipe(...operators).subscribe((result) => {
      this.sum = (this.sum + result) | 0;
      this.left -= 1;
      if (this.left === 0) this.done();
      // A feed brings many at once: those of a batch for each worker.
      else if (this.sent - this.messages.length + this.left <= mostUnderWay - 2 * maxBatch)
        this.feed();
    });
  }

  /** Microseconds per message, of the wall clock, and the sum of the results. */
  async run(messages) {
    this.messages = messages;
    this.sent = 0;
    this.left = messages.length;
    this.sum = 0;
    const began = performance.now();
    await new Promise((resolve) => {
      this.done = resolve;
      this.feed();
    });
    return { each: ((performance.now() - began) * 1_000) / messages.length, sum: this.sum };
  }

  feed() {
    if (this.isFeeding) return;
    this.isFeeding = true;
    const { messages, source } = this;
    while (this.sent < messages.length && this.sent - messages.length + this.left < mostUnderWay) {
      source.next(messages[this.sent++]);
    }
    this.isFeeding = false;
  }
}

const feed = (microseconds) => {
  const count = Math.round(Math.min(200_000, Math.max(4_000, 400_000 / (microseconds + 1))));
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

const forms = Object.keys(codecs);
const variants = forms.flatMap((form) => [1, 2].map((shards) => ({ form, shards })));
const alone = new Lane(inThread());
const lanes = variants.map(({ form, shards }) => new Lane(inWorkers(shards, form)));
const titles = variants.map(({ form, shards }) => `${shards} ${form}`);

/** Times per message of each lane, alone first, in rounds side by side. */
async function race(messages) {
  const times = [alone, ...lanes].map(() => []);
  for (let round = -1; round < rounds; round += 1) {
    const sums = new Set();
    for (const [index, lane] of [alone, ...lanes].entries()) {
      const { each, sum } = await lane.run(messages);
      sums.add(sum);
      if (round >= 0) times[index].push(each);
    }
    if (sums.size > 1) throw new Error('the variants have different results');
  }
  return times;
}

console.log(
  `batches of ${maxBatch}, ${rounds} rounds, ${process.version}: gain of so many workers`,
);
const columnsOf = (cells) => cells.map((cell) => cell.padStart(20)).join('');
console.log('work/message   in thread', columnsOf(titles));
/** Of each variant: the gain at each amount of work, and the best one seen. */
const gains = variants.map(() => []);
for (const microseconds of values.work.split(',').map(Number)) {
  const [none, ...others] = await race(feed(microseconds));
  const ratios = others.map((times) => none.map((time, round) => time / times[round]));
  for (const [index, ratio] of ratios.entries()) {
    gains[index].push({ microseconds, gain: median(ratio), most: Math.max(...ratio) });
  }
  console.log(
    `${microseconds} µs`.padStart(12),
    `${median(none).toFixed(2)} µs`.padStart(11),
    columnsOf(ratios.map((ratio) => `${median(ratio).toFixed(2)}x (${spread(ratio)})`)),
  );
}
for (const { subscription } of [alone, ...lanes]) subscription.unsubscribe();

/** Where the gain crosses 1, between two amounts of work. */
function breakEven(series) {
  for (const [index, { gain, microseconds }] of series.entries()) {
    if (gain < 1) continue;
    const before = series[index - 1];
    if (before === undefined) return microseconds;
    const share = (1 - before.gain) / (gain - before.gain);
    return before.microseconds + share * (microseconds - before.microseconds);
  }
  return Infinity;
}
for (const [index, { form, shards }] of variants.entries()) {
  if (shards === 1) continue;
  const from = breakEven(gains[index]).toFixed(1);
  console.log(`${shards} workers, ${form}: faster from about ${from} µs of work per message on`);
}

if (values.check !== undefined) {
  const series = gains[variants.findIndex(({ form, shards }) => form === 'cloned' && shards === 2)];
  const { most = 0 } = series.find(({ microseconds }) => microseconds === 50) ?? {};
  const isEnough = most >= Number(values.check);
  console.log(`${isEnough ? '✓' : '✗'} best of ${rounds} rounds with 50 µs: ${most.toFixed(2)}x`);
  process.exitCode = isEnough ? 0 : 1;
}
