/**
 * Measures each operator side by side in one process: rounds in which every variant runs once, in turns and both ways;
 * process CPU time per message, ratios taken inside each round, medians over the rounds with the quartiles.
 * `--only OPERATOR`, `--case NAME`, `--messages N`, `--rounds N`, `--json FILE`.
 */
import { writeFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { from } from 'rxjs';
import { cases } from './cases.mjs';
import { feed } from './feeds.mjs';

const { values } = parseArgs({
  options: {
    messages: { type: 'string', default: '1000000' },
    rounds: { type: 'string', default: '9' },
    json: { type: 'string' },
    only: { type: 'string' },
    case: { type: 'string' },
  },
});
const count = Number(values.messages);
const rounds = Number(values.rounds);
/** A sample lasts at least this long: the variant runs until then. */
const sampleMs = Math.min(80, count / 10_000);

/** Feeds `messages` to a variant: an operator, or, as `limit`, a loop. */
function play(messages, variant, make, next) {
  if (variant === 'limit') make()(messages, next);
  else from(messages).pipe(make()).subscribe(next);
}

function outputOf(messages, variant, make) {
  const output = [];
  play(messages, variant, make, (message) => output.push(message));
  return output;
}

/** What is timed against each other emits the same messages in the same order. */
function checkEqual(messages, variants) {
  const expected = outputOf(messages, 'ours', variants.ours);
  for (const [variant, make] of Object.entries(variants)) {
    if (variant === 'floor') continue;
    const output = outputOf(messages, variant, make);
    const place = output.findIndex((message, index) => message !== expected[index]);
    if (place !== -1) throw new Error(`${variant} differs from ours at ${place}`);
    if (output.length !== expected.length) throw new Error(`${variant}: ${output.length} messages`);
  }
}

const cpuMs = ({ user, system }) => (user + system) / 1_000;

/** Nanoseconds of CPU time per message. */
async function measure(messages, variant, make) {
  globalThis.gc?.();
  // What the collector goes on with in the background is not the variant's.
  await pause(15);
  const before = process.cpuUsage();
  let emitted = 0;
  let runs = 0;
  do {
    play(messages, variant, make, () => {
      emitted += 1;
    });
    runs += 1;
  } while (cpuMs(process.cpuUsage(before)) < sampleMs);
  if (emitted === 0) throw new Error('the variant emitted nothing');
  return (cpuMs(process.cpuUsage(before)) * 1e6) / (runs * messages.length);
}

/** In turns, and every other round backwards, so that none always comes after the same one. */
function inTurns(names, round) {
  const start = Math.abs(round) % names.length;
  const turned = [...names.slice(start), ...names.slice(0, start)];
  return round % 2 === 0 ? turned : turned.reverse();
}

function quantile(numbers, share) {
  const sorted = [...numbers].sort((one, other) => one - other);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
}

async function sample({ feed: faults, variants }) {
  const messages = feed({ count, ...faults });
  checkEqual(messages, variants);
  const samples = Object.fromEntries(Object.keys(variants).map((variant) => [variant, []]));
  for (let round = -2; round < rounds; round += 1) {
    for (const variant of inTurns(Object.keys(variants), round)) {
      const ns = await measure(messages, variant, variants[variant]);
      if (round >= 0) samples[variant].push(ns);
    }
  }
  return samples;
}

/** The median of what `one` took for what `other` took, with the quartiles. */
function ratioOf(one, other) {
  const ratios = one.map((ns, round) => ns / other[round]);
  return {
    median: quantile(ratios, 0.5),
    low: quantile(ratios, 0.25),
    high: quantile(ratios, 0.75),
  };
}

/** A variant's name in DESIGN's form: the quickest of the stock ones is `stock`. */
function shortNames(samples) {
  const stocks = Object.keys(samples).filter((name) => name.startsWith('stock'));
  const best = stocks.sort(
    (one, other) => quantile(samples[one], 0.5) - quantile(samples[other], 0.5),
  )[0];
  return (name) => (name === best ? 'stock' : name);
}

async function runCase(benchCase) {
  const { operator, case: name, goals } = benchCase;
  const samples = await sample(benchCase);
  const short = shortNames(samples);
  const rows = Object.entries(samples).map(([variant, ns]) => {
    const floor = ratioOf(ns, samples.floor);
    const spread = `${floor.low.toFixed(2)}-${floor.high.toFixed(2)}`;
    console.log(
      `${operator.padEnd(13)} ${name.padEnd(18)} ${variant.padEnd(29)}`,
      `${quantile(ns, 0.5).toFixed(0).padStart(5)} ns`,
      `${floor.median.toFixed(2).padStart(7)}x floor [${spread}]`,
    );
    return {
      operator,
      case: name,
      variant: short(variant),
      name: variant,
      nsPerMessage: quantile(ns, 0.5),
      floor,
    };
  });
  const reached = Object.entries(goals).map(([against, goal]) => {
    const ratio = ratioOf(samples.ours, samples[against]);
    return { operator, case: name, against, goal, ...ratio };
  });
  return { rows, goals: reached };
}

const wanted = cases.filter(
  ({ operator, case: name }) =>
    operator === (values.only ?? operator) && name === (values.case ?? name),
);
const results = { rows: [], goals: [] };
for (const benchCase of wanted) {
  const { rows, goals } = await runCase(benchCase);
  results.rows.push(...rows);
  results.goals.push(...goals);
}
if (values.json !== undefined)
  writeFileSync(values.json, `${JSON.stringify(results, undefined, 2)}\n`);
