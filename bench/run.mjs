/**
 * Measures each operator side by side in one process: rounds in which every variant runs once, process CPU time per
 * message, ratios to the floor (`map(x => x)`) taken inside each round, medians over the rounds with the quartiles.
 * `--only OPERATOR`, `--messages N`, `--rounds N`, `--json FILE`.
 */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { from } from 'rxjs';
import { cases } from './cases.mjs';
import { feed } from './feeds.mjs';

const { values } = parseArgs({
  options: {
    messages: { type: 'string', default: '300000' },
    rounds: { type: 'string', default: '9' },
    json: { type: 'string' },
    only: { type: 'string' },
  },
});
const count = Number(values.messages);
const rounds = Number(values.rounds);

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
function check(messages, variants) {
  const expected = outputOf(messages, 'ours', variants.ours);
  for (const [variant, make] of Object.entries(variants)) {
    if (variant === 'floor') continue;
    const output = outputOf(messages, variant, make);
    const place = output.findIndex((message, index) => message !== expected[index]);
    if (place !== -1) throw new Error(`${variant} differs from ours at ${place}`);
    if (output.length !== expected.length) throw new Error(`${variant}: ${output.length} messages`);
  }
}

function measure(messages, variant, make) {
  globalThis.gc?.();
  const before = process.cpuUsage();
  let emitted = 0;
  play(messages, variant, make, () => {
    emitted += 1;
  });
  const { user, system } = process.cpuUsage(before);
  if (emitted === 0) throw new Error('the variant emitted nothing');
  return ((user + system) * 1_000) / messages.length;
}

function quantile(values, share) {
  const sorted = [...values].sort((one, other) => one - other);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
}

const rows = [];
const wanted = cases.filter(({ operator }) => operator === (values.only ?? operator));
for (const { operator, case: name, feed: faults, variants } of wanted) {
  const messages = feed({ count, ...faults });
  check(messages, variants);
  const samples = Object.fromEntries(Object.keys(variants).map((variant) => [variant, []]));
  for (let round = -2; round < rounds; round += 1) {
    for (const [variant, make] of Object.entries(variants)) {
      const nsPerMessage = measure(messages, variant, make);
      if (round >= 0) samples[variant].push(nsPerMessage);
    }
  }
  for (const [variant, nsPerMessage] of Object.entries(samples)) {
    const ratios = nsPerMessage.map((ns, round) => ns / samples.floor[round]);
    rows.push({ operator, case: name, variant, nsPerMessage: quantile(nsPerMessage, 0.5) });
    const spread = `${quantile(ratios, 0.25).toFixed(2)}-${quantile(ratios, 0.75).toFixed(2)}`;
    console.log(
      `${operator.padEnd(14)} ${name.padEnd(16)} ${variant.padEnd(6)}`,
      `${quantile(nsPerMessage, 0.5).toFixed(0).padStart(6)} ns`,
      `${quantile(ratios, 0.5).toFixed(2).padStart(7)}x floor [${spread}]`,
    );
  }
}
if (values.json !== undefined) writeFileSync(values.json, JSON.stringify({ rows }, undefined, 2));
