/** The published code has no `#private` members left, and still maps to its sources. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Observable } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { privateNamesIn } from '../support/privateNames.js';
import { root, run } from './consumer.js';

const dist = join(root, 'dist');
const scripts = readdirSync(dist, { recursive: true, encoding: 'utf8' }).filter((name) =>
  /\.c?js$/.test(name),
);
const textOf = (name: string): string => readFileSync(join(dist, name), 'utf8');

function namesOf(object: object): string[] {
  const parent: unknown = Object.getPrototypeOf(object);
  const inherited = typeof parent === 'object' && parent !== null ? namesOf(parent) : [];
  return [...Object.getOwnPropertyNames(object), ...inherited];
}

describe('the built files', () => {
  it('are there', () => {
    expect(scripts).toEqual(expect.arrayContaining(['index.js', 'index.cjs', 'testing.js']));
  });

  it.each(scripts)('%s has no private member left', (name) => {
    expect(privateNamesIn(textOf(name))).toEqual([]);
  });

  it('name no member like one of the class of RxJS they extend', () => {
    const plain = scripts.flatMap(
      (name) => textOf(name).match(/(?<=this\.)_[a-zA-Z]{1,2}\b/g) ?? [],
    );
    expect(plain).not.toEqual([]);
    let theirs: string[] = [];
    new Observable((subscriber) => {
      theirs = namesOf(subscriber);
    }).subscribe();
    expect(theirs).toContain('_next');
    expect(theirs.filter((name) => plain.includes(name))).toEqual([]);
  });

  it.each(['index.js', 'index.cjs'])('%s maps errors to the line that threw them', (name) => {
    const program = `import(${JSON.stringify(join(dist, name))}).then(({ reorderBy }) => {
      try { reorderBy((n) => n, { maxWaitMs: -1 }); } catch (error) { console.log(error.stack); }
    });`;
    const outcome = run(root, process.execPath, '--enable-source-maps', '--eval', program);
    const [, file = '', line = ''] = /(src\/\w+\.ts):(\d+):\d+/.exec(outcome.stdout) ?? [];
    const source = readFileSync(join(root, file), 'utf8').split('\n');
    expect(source[Number(line) - 1]).toContain('new OptionError(');
  });
});
