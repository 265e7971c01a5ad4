/**
 * Measures each operator side by side in one process: rounds in which every variant runs once, process CPU time per
 * message, ratios to the floor (`map(x => x)`) taken inside each round, medians over the rounds with the quartiles.
 * `--messages N`, `--rounds N`, `--json FILE`.
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
  },
});
const count = Number(values.messages);
const rounds = Number(values.rounds);

function measure(messages, operator) {
  globalThis.gc?.();
  const before = process.cpuUsage();
  let emitted = 0;
  from(messages)
    .pipe(operator())
    .subscribe(() => {
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
for (const { operator, case: name, feed: faults, variants } of cases) {
  const messages = feed({ count, ...faults });
  const samples = Object.fromEntries(Object.keys(variants).map((variant) => [variant, []]));
  for (let round = -2; round < rounds; round += 1) {
    for (const [variant, make] of Object.entries(variants)) {
      const nsPerMessage = measure(messages, make);
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
