import type { SharedOptions } from './sharedCase.js';

/** Options with which an operator does all it can, to ask a subject what that is. */
export const roomyOptions: SharedOptions = {
  ...{ keys: 3, maxKeys: 10_000, waitMs: 200, spanMs: 300, room: 20, policy: 0, first: null },
  ...{ maxJump: 60, announced: 60, shards: 4, concurrency: 3, workMs: [10], failEvery: 0 },
  answers: [],
};
