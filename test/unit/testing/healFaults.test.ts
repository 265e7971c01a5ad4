import { healFaults } from 'rxjs-reliable/testing';
import { describe, expect, it } from 'vitest';

const harmless = {
  drop: false,
  copies: [],
  corrupt: 'none',
  restart: false,
  epoch: false,
  jump: 0,
};

describe('healFaults', () => {
  it('leaves what comes before as it is, and makes the rest well', () => {
    const bad = { gapMs: 4, drop: true, delayMs: 9, copies: [3], skewMs: 5 } as const;
    expect(healFaults([bad, bad], 1)).toEqual([
      { ...harmless, ...bad },
      { ...harmless, gapMs: 4, delayMs: 0 },
    ]);
  });

  it('goes on with the numbers and producers there are', () => {
    expect(healFaults([{ modulus: 16, producer: 2, jump: 3 }], 0)).toEqual([
      { ...harmless, gapMs: 0, delayMs: 0, modulus: 16, producer: 2 },
    ]);
  });

  it('may heal everything or nothing', () => {
    expect(healFaults([{ drop: true }], 0)[0]?.drop).toBe(false);
    expect(healFaults([{ drop: true }], 5)[0]?.drop).toBe(true);
    expect(healFaults([], 0)).toEqual([]);
  });
});
