/**
 * Measures each operator side by side in one process: rounds in which every variant runs once, in turns and both ways;
 * process CPU time per message, ratios taken inside each round, medians over the rounds with the quartiles.
 * `--only OPERATOR`, `--case NAME`, `--messages N`, `--rounds N`, `--json FILE`.
 */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { cases } from './cases.mjs';
import { measureCase } from './measure.mjs';

const { values } = parseArgs({
  options: {
    messages: { type: 'string', default: '1000000' },
    rounds: { type: 'string', default: '9' },
    json: { type: 'string' },
    only: { type: 'string' },
    case: { type: 'string' },
  },
});
const settings = { count: Number(values.messages), rounds: Number(values.rounds) };

function print({ operator, case: name, name: variant, nsPerMessage, floor }) {
  const spread = `${floor.low.toFixed(2)}-${floor.high.toFixed(2)}`;
  console.log(
    `${operator.padEnd(13)} ${name.padEnd(18)} ${variant.padEnd(29)}`,
    `${nsPerMessage.toFixed(0).padStart(5)} ns`,
    `${floor.median.toFixed(2).padStart(7)}x floor [${spread}]`,
  );
}

const wanted = cases.filter(
  ({ operator, case: name }) =>
    operator === (values.only ?? operator) && name === (values.case ?? name),
);
const results = { rows: [], goals: [] };
for (const benchCase of wanted) {
  const { rows, goals } = await measureCase(benchCase, settings);
  for (const row of rows) print(row);
  results.rows.push(...rows);
  results.goals.push(...goals);
}
if (values.json !== undefined) {
  writeFileSync(values.json, `${JSON.stringify(results, undefined, 2)}\n`);
}
