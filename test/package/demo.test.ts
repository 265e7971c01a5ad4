import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { root } from './consumer.js';

const start = (...flags: readonly string[]) =>
  spawn(process.execPath, ['scripts/demo.mjs', '--messages', '500', '--seed', '1', ...flags], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, NO_COLOR: '1' },
  });

const statusOf = async (demo: ChildProcess): Promise<unknown> => {
  const [status] = (await once(demo, 'exit')) as unknown[];
  return status;
};

async function run(...flags: readonly string[]): Promise<{ status: unknown; output: string }> {
  const demo = start(...flags);
  const [status, output] = await Promise.all([statusOf(demo), text(demo.stdout)]);
  return { status, output };
}

/** The number at the end of the account's line of this name. */
const row = (output: string, name: string): number =>
  Number(new RegExp(`^ *${name} +([\\d,]+)$`, 'm').exec(output)?.[1]?.replaceAll(',', ''));

describe('the demo', () => {
  it('loses nothing, though the network does', async () => {
    const { status, output } = await run();
    expect(output).toContain('✓ 500 sent = 500 delivered + 0 lost');
    expect(output).toContain('The account balances');
    expect(output).not.toContain('✗');
    expect(row(output, 'of them messages')).toBeGreaterThan(0);
    expect(row(output, 'repeated by the relay')).toBeGreaterThan(0);
    expect(status).toBe(0);
  });

  it('reports what it lost when nothing is asked for again', async () => {
    const { status, output } = await run('--no-recover', '--loss', '0.2');
    const lost = row(output, 'reported lost');
    expect(lost).toBeGreaterThan(0);
    expect(output).toContain(`✓ 500 sent = ${500 - lost} delivered + ${lost} lost`);
    expect(output).not.toContain('✗');
    expect(status).toBe(0);
  });

  it('has shards in threads of their own', async () => {
    const { status, output } = await run('--quiet', '--workers', '2');
    const shards = output.matchAll(/^ *shard \d+, at most \d+ pending +(\d+)$/gm);
    const counts = [...shards].map(([, count]) => Number(count));
    expect(counts).toHaveLength(2);
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(500);
    expect(output).toContain('✓ 500 sent = 500 delivered + 0 lost');
    expect(output).toContain('✓ in order');
    expect(status).toBe(0);
  });

  it('shares the work among shards and restores the order', async () => {
    const { status, output } = await run('--quiet', '--shards', '2');
    const shards = output.matchAll(/^ *shard \d+, at most \d+ pending +(\d+)$/gm);
    const counts = [...shards].map(([, count]) => Number(count));
    expect(counts).toHaveLength(2);
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(500);
    expect(row(output, 'most results held for order')).toBeGreaterThan(0);
    expect(row(output, 'restarts')).toBe(0);
    expect(row(output, 'dead letters')).toBe(0);
    expect(output).toContain('✓ in order');
    expect(status).toBe(0);
  });

  it('reports guarantees that are not kept, and delivers all the same', async () => {
    const { status, output } = await run('--quiet', '--breach', '1', '--jitter', '200');
    expect(row(output, 'of response')).toBeGreaterThan(250);
    expect(row(output, 'objective missed within 1.0 s')).toBeGreaterThan(0);
    expect(output).toContain('✓ 500 sent = 500 delivered + 0 lost');
    expect(status).toBe(0);
  });

  it('draws a line now and then where it cannot redraw', async () => {
    const { output } = await run('--messages', '1500');
    expect(output).toMatch(/^ +\d\.\d s {2}sent [\d,]+ {2}delivered /m);
    expect(output).not.toContain('\x1b');
  });

  it.each([
    ['drop-one', '1 vanished silently'],
    ['repeat-one', '1 repeated'],
    ['swap-two', '1 behind a greater number'],
    ['corrupt-one', '1 changed'],
    ['drop-in-shard', '1 vanished silently'],
    ['unordered-shards', 'behind a greater number'],
  ])('fails when the receiver does wrong: %s', async (sabotage, fault) => {
    const { status, output } = await run('--quiet', '--sabotage', sabotage);
    expect(output).toContain(fault);
    expect(output).toContain('The account does not balance');
    expect(status).toBe(1);
  });

  it('stops at once when interrupted', async () => {
    const demo = start('--messages', '100000');
    await once(demo.stdout, 'data');
    demo.kill('SIGINT');
    expect(await statusOf(demo)).toBe(130);
  });
});
