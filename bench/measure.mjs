/** How the variants of a case are measured: in rounds, in turns, by process CPU time; ratios are taken inside each round. */
import { setTimeout as pause } from 'node:timers/promises';
import { from } from 'rxjs';
import { feed } from './feeds.mjs';

/** A variant runs again and again for at least this long. */
const sampleMs = 80;
/** How far each variant is with its feed while garbage is collected. */
const underWayMessages = 2_000;
/** A case that takes this long has no more rounds than these. */
const longMs = 45_000;
const fewestRounds = 5;

/** Feeds `messages` to a variant: an operator, or, as `limit` and with another library, a function of them. */
function play(messages, variant, make, next) {
  if (variant === 'limit' || variant.startsWith('other')) make()(messages, next);
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

/**
 * Collects garbage while each of `variants` is in the middle of a feed, as in an application whose feeds go on: with the
 * last instance of a class V8 throws the machine code away that knows it, and samples would measure the compiler.
 */
function collectGarbage(messages, variants) {
  const [first, ...others] = variants;
  if (first === undefined) {
    globalThis.gc?.();
    return;
  }
  const [variant, make] = first;
  let left = underWayMessages;
  play(messages.slice(0, 2 * underWayMessages), variant, make, () => {
    left -= 1;
    if (left === 0) collectGarbage(messages, others);
  });
  if (left > 0) throw new Error(`${variant}: too few messages came out to collect garbage between`);
}

/** Nanoseconds of CPU time per message. */
async function measure(messages, variant, make) {
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

async function sample({ feed: faults, variants }, { count, rounds }) {
  const messages = feed({ count, ...faults });
  checkEqual(messages, variants);
  const samples = Object.fromEntries(Object.keys(variants).map((variant) => [variant, []]));
  const beganMs = Date.now();
  for (let round = -2; round < rounds; round += 1) {
    if (round >= fewestRounds && Date.now() - beganMs > longMs) break;
    for (const variant of inTurns(Object.keys(variants), round)) {
      collectGarbage(messages, Object.entries(variants));
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
    // What is left when nobody disturbs: of all figures the one that moves least from run to run.
    best: Math.min(...one) / Math.min(...other),
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

/** What each variant of a case takes, and how that compares with what ours is to reach. */
export async function measureCase(benchCase, settings) {
  const { operator, case: name, goals } = benchCase;
  const samples = await sample(benchCase, settings);
  const short = shortNames(samples);
  const rows = Object.entries(samples).map(([variant, ns]) => ({
    operator,
    case: name,
    variant: short(variant),
    name: variant,
    nsPerMessage: quantile(ns, 0.5),
    floor: ratioOf(ns, samples.floor),
  }));
  const reached = Object.entries(goals).map(([against, goal]) => {
    const ratio = ratioOf(samples.ours, samples[against]);
    return { operator, case: name, against, goal, ...ratio };
  });
  return { rows, goals: reached };
}
