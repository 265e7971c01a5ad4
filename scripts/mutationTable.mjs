// npm run mutation:table: puts what `npm run mutation` measured into test/mutation-scores.json and docs/mutation.md.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import * as prettier from 'prettier';

const path = (file) => fileURLToPath(new URL(`../${file}`, import.meta.url));
const readJson = (file) => JSON.parse(readFileSync(path(file), 'utf8'));
const heading = ['file', 'mutants', 'noticed', 'survived', 'explained', 'score', 'measured'];
const header = `# Mutation

Written by \`npm run mutation:table\`, after \`npm run mutation -- --mutate FILE\`: of the changes that Stryker makes to a
file, how many the tests by example notice. Survivors that are held to make no difference are explained, one by one, in
\`test/mutation-survivors.*.json\`.
`;

/** The survivors that are held to make no difference, by file. */
export function readExplained() {
  const lists = readdirSync(path('test')).filter((name) => name.startsWith('mutation-survivors.'));
  return Object.assign({}, ...lists.map((name) => readJson(`test/${name}`)));
}

/**
 * The measures of each file of Stryker's report that was measured, and the survivors nobody has explained. A file that no
 * test covers is an error: test files that cannot load what Stryker made of it are left out of its run without a word.
 */
export function readReport({ files }, allExplained, date) {
  const [scores, unexplained] = [{}, []];
  for (const [file, { source, mutants }] of Object.entries(files)) {
    const having = (...statuses) => mutants.filter(({ status }) => statuses.includes(status));
    const survivors = having('Survived', 'NoCoverage');
    const [killed, survived] = [having('Killed', 'Timeout').length, survivors.length];
    if (killed + survived === 0) continue;
    const noCoverage = having('NoCoverage').length;
    if (killed === 0 && survived === noCoverage) {
      throw new Error(`${file}: no test covers it; can its tests load it?`);
    }
    const lines = source.split('\n').map((line) => line.trim());
    const idOf = ({ mutator, line, replacement }) => `${mutator}: ${line} -> ${replacement}`;
    const known = (allExplained[file] ?? []).map(idOf);
    const found = survivors.map(({ mutatorName: mutator, replacement, location }) =>
      idOf({ mutator, line: lines[location.start.line - 1], replacement }),
    );
    const unknown = found.filter((id) => !known.includes(id));
    unexplained.push(...unknown.map((id) => `${file}: ${id}`));
    const score = Math.floor((1_000 * killed) / (killed + survived)) / 10;
    const explained = survived - unknown.length;
    scores[file] = { score, killed, survived, explained, noCoverage, date };
  }
  return { scores, unexplained };
}

/** The page with these scores, by file. */
export async function format(scores) {
  const rows = Object.entries(scores).map(
    ([file, { killed, survived, explained, score, date }]) => {
      return [
        `\`${file}\``,
        killed + survived,
        killed,
        survived,
        explained,
        score.toFixed(1),
        date,
      ];
    },
  );
  const table = [heading, heading.map(() => '-'), ...rows].map(
    (cells) => `| ${cells.join(' | ')} |`,
  );
  const options = (await prettier.resolveConfig(path('docs/mutation.md'))) ?? {};
  return prettier.format(`${header}\n${table.join('\n')}`, { ...options, parser: 'markdown' });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [report = 'reports/mutation.json'] = process.argv.slice(2);
  const date = new Date().toISOString().slice(0, 10);
  const { scores, unexplained } = readReport(readJson(report), readExplained(), date);
  const all = Object.entries({ ...readJson('test/mutation-scores.json'), ...scores });
  const sorted = all.filter(([file]) => existsSync(path(file))).sort();
  writeFileSync(
    path('test/mutation-scores.json'),
    `${JSON.stringify(Object.fromEntries(sorted), undefined, 2)}\n`,
  );
  writeFileSync(path('docs/mutation.md'), await format(Object.fromEntries(sorted)));
  for (const survivor of unexplained) console.log(survivor);
}
