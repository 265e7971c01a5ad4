import { describe, expect, it, vi } from 'vitest';
import { randomWord } from '../../../src/structures/randomWord.js';

describe('randomWord', () => {
  it('gives words of 32 bits, each time others', () => {
    const words = Array.from({ length: 1_000 }, randomWord);
    expect(words.every((word) => word === word >>> 0)).toBe(true);
    expect(new Set(words).size).toBeGreaterThan(990);
    expect(Math.max(...words)).toBeGreaterThan(2 ** 31);
  });

  it('asks for many at once, and again when they are used up', async () => {
    const secrets = vi.spyOn(globalThis.crypto, 'getRandomValues');
    vi.resetModules();
    const { randomWord: fresh } = await import('../../../src/structures/randomWord.js');
    const words = Array.from({ length: 2_560 }, fresh);
    expect(secrets).toHaveBeenCalledTimes(10);
    secrets.mockRestore();
    expect(new Set(words).size).toBeGreaterThan(2_550);
  });
});
