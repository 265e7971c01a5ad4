/** The build step that makes `#private` members plain: nothing but their names may change. */
import { SourceMap, type SourceMapPayload } from 'node:module';
import { describe, expect, it } from 'vitest';
import { plainPrivateNames } from '../../../scripts/plainPrivateNames.mjs';
import { bundle, load, type Sources } from '../../support/bundles.js';
import { privateNamesIn } from '../../support/privateNames.js';

const plugins = [plainPrivateNames()];

/** What the module exports as `result`, with private members and with plain ones. */
async function results(sources: Sources, entry = 'main'): Promise<[unknown, unknown]> {
  const before = await bundle(sources, [entry], []);
  const after = await bundle(sources, [entry], plugins);
  return [load(before, `${entry}.js`)['result'], load(after, `${entry}.js`)['result']];
}

const samples: Record<string, { source: string; result: unknown }> = {
  'classes in one hierarchy with equal names': {
    source: `
      class Base { #x = 'base'; #only = 1; base() { return this.#x + this.#only; } }
      class Middle extends Base { _a = 'public'; #x = 'middle'; middle() { return this.#x; } }
      class Leaf extends Middle { #x = 'leaf'; #only = 2; leaf() { return this.#x + this.#only; } }
      const leaf = new Leaf();
      export const result = [leaf.base(), leaf.middle(), leaf.leaf(), leaf._a];`,
    result: ['base1', 'middle', 'leaf2', 'public'],
  },
  'tests whether an object is one of ours': {
    source: `
      class Mark { #mark; static is(x) { return #mark in x; } both(x) { return #mark in x && 'a' in x; } }
      class Other { #other = 1; get other() { return this.#other; } }
      class Heir extends Mark { #mark; static owns(x) { return#mark in x; } }
      export const result = [
        Mark.is(new Mark()), Mark.is(new Other()), Mark.is({ mark: 1 }), Mark.is(new Heir()),
        Heir.owns(new Heir()), Heir.owns(new Mark()), new Mark().both({ a: 1 }),
      ];`,
    result: [true, false, false, true, true, false, false],
  },
  'static members, methods and accessors': {
    source: `
      class A {
        static#count = 0;
        static #make() { A.#count += 1; return new A(); }
        static make() { return A.#make(); }
        static get count() { return this.#count; }
        get#twice() { return A.#count * 2; }
        set #twice(value) { A.#count = value / 2; }
        async#later() { return 1; }
        *#each() { yield* [1, 2]; }
        static { this.#count = 5; }
        run() { this.#twice += 4; return [...this.#each(), this.#twice, this.#later() instanceof Promise]; }
      }
      export const result = [A.make().run(), A.count];`,
    result: [[1, 2, 16, true], 8],
  },
  'strings, templates, patterns and comments with a hash': {
    source: `
      class A {
        #b = '#b'; #c = /#b+/; #d = \`#b \${'#c'} #d\`; '#b' = 'key'; ['#c'] = 'computed';
        /* this.#b */ all() { return [this.#b, this.#c.test('#bb'), this.#d, this['#b'], this['#c']]; } // #b
      }
      export const result = new A().all();`,
    result: ['#b', true, '#b #c #d', 'key', 'computed'],
  },
  'optional chains, updates and patterns': {
    source: `
      class A {
        #n = 1; #f = (x) => x + 1; #m(x) { return x * 2; }
        static read(a) { return [a?.#n, a?.#f?.(1), a?.#m(4), (void 0)?.#n]; }
        change() {
          this.#n++; this.#n **= 2; this.#n ??= 9;
          [this.#n, { x: this.#f }] = [this.#n + 1, { x: (y) => -y }];
        }
      }
      const a = new A();
      a.change();
      export const result = A.read(a);`,
    result: [5, -1, 8, undefined],
  },
  'names that collide with public ones': {
    source: `
      const _a = 'shorthand', key = '_c';
      const text = \`_e\`;
      class A { #p = 1; #q = 2; #r = 3; #s = 4; #t = 5; _b = 'b'; [key] = 'c'; ['_d'] = 'd'; _e = 'e';
        all() { return [this.#p, this.#q, this.#r, this.#s, this.#t]; } }
      const made = Object.assign(new A(), { _a, _f: 'f' });
      export const result = [made.all(), made._a, made._b, made._c, made._d, made._e, made._f, text];`,
    result: [[1, 2, 3, 4, 5], 'shorthand', 'b', 'c', 'd', 'e', 'f', '_e'],
  },
  'classes in classes': {
    source: `
      class Outer {
        #x = 'outer'; #y = 'y';
        static Inner = class { #x = 'inner'; see(outer) { return [this.#x, outer.#y]; } };
        heir() { const self = this;
          return new (class extends (self.#x ? Object : Array) { #x = 'heir'; [self.#y] = this.#x; })(); }
      }
      export const result = [new Outer.Inner().see(new Outer()), new Outer().heir().y];`,
    result: [['inner', 'y'], 'heir'],
  },
};

describe('plainPrivateNames', () => {
  it.each(Object.entries(samples))('keeps the meaning of %s', async (_name, sample) => {
    const [before, after] = await results({ main: sample.source });
    expect(before).toEqual(sample.result);
    expect(after).toEqual(sample.result);
    const [chunk] = await bundle({ main: sample.source }, ['main'], plugins);
    expect(privateNamesIn(chunk?.code ?? '#none')).toEqual([]);
  });

  const library = {
    base: `export class Base { #left = 1; #run() { return this.#left; } run() { return this.#run(); } }`,
    one: `import { Base } from 'base';
      export class One extends Base { #left = 2; #run() { return this.#left; } go() { return this.#run(); } }`,
    two: `import { Base } from 'base';
      class Two extends Base { #left = 3; #run() { return [this.run(), this.#left]; } go() { return this.#run(); } }
      export const result = new Two().go();
      export const _a = 1;`,
  };

  it('keeps the classes of several chunks apart', async () => {
    const chunks = await bundle(library, ['one', 'two'], plugins);
    expect(chunks.map(({ fileName }) => fileName).sort()).toEqual(['base.js', 'one.js', 'two.js']);
    expect(load(chunks, 'two.js')).toMatchObject({ result: [1, 3], _a: 1 });
    const names = chunks.map(({ code }) => [...new Set(code.match(/(?<=this\.)_\w+/g))]);
    expect(new Set(names.flat()).size).toBe(6);
    expect(names.flat()).not.toContain('_a');
  });

  it('gives the same names in both module systems and in every build', async () => {
    const builds = await Promise.all(
      (['cjs', 'es', 'es'] as const).map((format) =>
        bundle(library, ['one', 'two'], plugins, format),
      ),
    );
    const names = builds.map((chunks) =>
      chunks.map(({ fileName, code }) => [fileName, code.match(/\b_\w+/g)?.sort()]).sort(),
    );
    expect(names[1]).toEqual(names[2]);
    expect(names[0]?.[1]).toEqual(names[1]?.[1]);
  });

  it('maps every place to where it came from', async () => {
    const source = [
      'export class A {',
      '  #long = 1;',
      '  fail() { this.#long += 1; throw new Error(String(this.#long)); }',
      '}',
    ].join('\n');
    const [chunk] = await bundle({ main: source }, ['main'], plugins, 'es');
    const lines = (chunk?.code ?? '').split('\n');
    const line = lines.findIndex((text) => text.includes('throw'));
    const map = new SourceMap(chunk?.map as unknown as SourceMapPayload);
    const original = source.split('\n')[2] ?? '';
    const column = lines[line]?.indexOf('throw') ?? -1;
    expect(column).toBeLessThan(original.indexOf('throw'));
    expect(map.findEntry(line, column)).toMatchObject({
      originalLine: 2,
      originalColumn: original.indexOf('throw'),
    });
    expect(chunk?.map?.names).toContain('#long');
  });
});
