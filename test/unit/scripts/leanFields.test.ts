/** The build step that leaves out declarations of fields: what comes of the constructors must not change. */
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { leanFields } from '../../../scripts/leanFields.mjs';
import { plainPrivateNames } from '../../../scripts/plainPrivateNames.mjs';
import { bundle, load } from '../../support/bundles.js';

const source = `
  class Base { given; #own; constructor(given) { this.given = given; this.#own = given + 1; this.seen = this.early(); } early() {} get own() { return this.#own; } }
  class Heir extends Base {
    late
    first = 1
    maybe; never; static shared; given;
    ['computed'];
    tested;
    watched;
    constructor(given) {
      super(given);
      this.late = this.first + 1;
      if (given) this.maybe = 1;
      this.isTested = 'tested' in this;
      this.tested = 1;
      this.watched = 2;
      this.given = [this.given, given];
      this['computed'] = 3;
    }
  }
  class Watcher { set watched(value) { throw new Error('set'); } }
  class Odd extends Watcher { watched; constructor() { super(); this.watched = 4; } }
  class Stranger extends Map { extra; constructor() { super(); this.extra = 5; } }
  export const result = [new Base(1), new Base(1).own, new Heir(0), new Heir(1), 'never' in new Heir(1), 'shared' in Heir,
    Object.getOwnPropertyDescriptor(new Odd(), 'watched'), { ...new Stranger() }];`;

function bareFieldsIn(code: string): string[] {
  const names: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isPropertyDeclaration(node) && node.initializer === undefined) {
      if (!ts.isComputedPropertyName(node.name)) {
        names.push(`${node.parent.name?.getText() ?? ''}.${node.name.getText()}`);
      }
    }
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile('code.js', code, ts.ScriptTarget.ES2022, true));
  return names;
}

describe('leanFields', () => {
  it.each([
    ['alone', [leanFields()]],
    ['after plainPrivateNames', [plainPrivateNames(), leanFields()]],
  ])('keeps what constructors make, %s', async (_name, plugins) => {
    const before = load(await bundle({ main: source }, ['main'], []), 'main.js');
    const after = load(await bundle({ main: source }, ['main'], plugins), 'main.js');
    const plain = (exports: Record<string, unknown>): unknown =>
      JSON.parse(
        JSON.stringify(exports['result'], (key, value: unknown) =>
          key.startsWith('_') ? undefined : value,
        ),
      );
    expect(plain(after)).toEqual(plain(before));
    expect(plain(before)).toMatchObject([
      { given: 1 },
      2,
      { late: 2 },
      { given: [null, 1] },
      true,
      true,
      { value: 4 },
      { extra: 5 },
    ]);
  });

  it('leaves out what gets a value in any case, and nothing else', async () => {
    const [chunk] = await bundle({ main: source }, ['main'], [leanFields()]);
    expect(bareFieldsIn(chunk?.code ?? '')).toEqual(
      'Base.#own Heir.maybe Heir.never Heir.shared Heir.given Heir.tested Heir.watched Odd.watched Stranger.extra'.split(
        ' ',
      ),
    );
  });
});
