/**
 * What a chain adds to the time of a message, on a real event loop: 50,000 messages a second, with repeats and
 * disorder; microseconds from the push of a message that is next in order to its emission, beside stock, in turns.
 * Collections of garbage meanwhile are counted. `--seconds N`, `--rounds N`, `--json FILE`.
 */
import { writeFileSync } from 'node:fs';
import { PerformanceObserver } from 'node:perf_hooks';
import { parseArgs } from 'node:util';
import { map, Subject } from 'rxjs';
import { chainSettings, ourChain } from './chain.mjs';
import { feed } from './feeds.mjs';
import { stockChain } from './stock.mjs';

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '4' },
    rounds: { type: 'string', default: '3' },
    json: { type: 'string' },
  },
});
const perMs = 50;
const messages = feed({
  count: Number(values.seconds) * 1_000 * perMs,
  repeat: 0.05,
  disorder: 0.05,
  displacement: 64,
});

const variants = {
  floor: () => map((message) => message),
  ours: () => ourChain(() => undefined),
  stock: () => stockChain({ ...chainSettings, onGap: () => undefined }),
};

let collections = 0;
let collectionMs = 0;
new PerformanceObserver((list) => {
  for (const { duration } of list.getEntries()) {
    collections += 1;
    collectionMs += duration;
  }
}).observe({ entryTypes: ['gc'] });

/** Microseconds of each message that came out in the call that it was pushed in. */
function run(make) {
  const source = new Subject();
  const latencies = [];
  let [pushed, beganMs] = [undefined, 0];
  source.pipe(make()).subscribe((message) => {
    if (message === pushed) latencies.push((performance.now() - beganMs) * 1_000);
  });
  const startMs = performance.now();
  let sent = 0;
  return new Promise((resolve) => {
    const tick = () => {
      const due = Math.min(messages.length, Math.floor((performance.now() - startMs) * perMs));
      for (; sent < due; sent += 1) {
        pushed = messages[sent];
        beganMs = performance.now();
        source.next(pushed);
      }
      if (sent < messages.length) {
        setTimeout(tick, 1);
        return;
      }
      source.complete();
      resolve(latencies.sort((one, other) => one - other));
    };
    tick();
  });
}

const quantile = (sorted, share) => sorted[Math.floor((sorted.length - 1) * share)];
const median = (numbers) => [...numbers].sort((one, other) => one - other)[numbers.length >> 1];
const samples = Object.fromEntries(Object.keys(variants).map((name) => [name, []]));
for (let round = -1; round < Number(values.rounds); round += 1) {
  for (const [name, make] of Object.entries(variants)) {
    globalThis.gc?.();
    [collections, collectionMs] = [0, 0];
    const sorted = await run(make);
    // Collections are told of a little later.
    await new Promise((resolve) => setTimeout(resolve, 20));
    const [p50, p99, p999] = [0.5, 0.99, 0.999].map((share) => quantile(sorted, share));
    if (round >= 0) samples[name].push({ p50, p99, p999, collections, collectionMs });
  }
}
const rows = Object.entries(samples).map(([variant, rounds]) => {
  const of = (field) => median(rounds.map((round) => round[field]));
  const row = {
    variant,
    p50: of('p50'),
    p99: of('p99'),
    p999: of('p999'),
    collections: of('collections'),
    collectionMs: of('collectionMs'),
  };
  console.log(
    `${variant.padEnd(6)} p50 ${row.p50.toFixed(1)} µs, p99 ${row.p99.toFixed(1)} µs, p99.9 ${row.p999.toFixed(1)} µs,`,
    `${row.collections} collections, ${row.collectionMs.toFixed(1)} ms in all`,
  );
  return row;
});
if (values.json !== undefined)
  writeFileSync(values.json, `${JSON.stringify({ rows }, undefined, 2)}\n`);
process.exit();
