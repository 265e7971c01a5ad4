import { describe, expect, it } from 'vitest';
import { OpenGap } from '../../../src/core/OpenGap.js';
import type { GapRequest } from '../../../src/core/GapRequest.js';

describe('OpenGap', () => {
  it('is tolerated at first, and due never', () => {
    expect(new OpenGap(3, 5, 7)).toMatchObject({
      first: 3,
      last: 5,
      noticedMs: 7,
      state: 'tolerated',
      attempts: 0,
      dueMs: Infinity,
      request: undefined,
      heapIndex: -1,
    });
  });

  it('gives its upper part its own state, but not its place in the heap', () => {
    const gap = new OpenGap(1, 9, 7);
    Object.assign(gap, { state: 'reported', attempts: 2, dueMs: 50, heapIndex: 4 });
    const upper = gap.split(6, 9);
    expect(upper).toMatchObject({
      first: 6,
      last: 9,
      noticedMs: 7,
      state: 'reported',
      attempts: 2,
      dueMs: 50,
      request: undefined,
      heapIndex: -1,
    });
    expect([gap.first, gap.last]).toEqual([1, 9]);
  });

  it('shares the request under way, which then has one piece more', () => {
    const gap = new OpenGap(1, 9, 7);
    const request: GapRequest = {
      first: 1,
      last: 9,
      attempt: 1,
      pieces: 1,
      isLive: true,
      cancel: () => undefined,
    };
    gap.request = request;
    expect(gap.split(6, 9).request).toBe(request);
    expect(request.pieces).toBe(2);
  });
});
