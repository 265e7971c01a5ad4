import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { root } from './consumer.js';

interface LockEntry {
  readonly resolved?: string;
  readonly integrity?: string;
  readonly link?: boolean;
}

const lockfile = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as {
  readonly packages: Readonly<Record<string, LockEntry>>;
};
const entries = Object.entries(lockfile.packages).filter(([path]) => path !== '');

describe('package-lock.json', () => {
  it('proves every package by a sha512', () => {
    const unproven = entries.filter(([, entry]) => entry.integrity?.startsWith('sha512-') !== true);
    expect(unproven.map(([path]) => path)).toEqual([]);
  });

  it('takes packages from the public registry only', () => {
    const foreign = entries.filter(
      ([, { link, resolved }]) =>
        link === true || (resolved ?? '').match(/^(?!https:\/\/registry\.npmjs\.org\/)./) !== null,
    );
    expect(foreign.map(([path]) => path)).toEqual([]);
  });

  it('pins every development dependency exactly', () => {
    const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
      readonly devDependencies: Readonly<Record<string, string>>;
    };
    const loose = Object.entries(manifest.devDependencies).filter(
      ([, version]) => !/^\d+\.\d+\.\d+$/.test(version),
    );
    expect(loose).toEqual([]);
  });
});
