import type { Message } from '../../../../examples/demo/message.js';

export const messageOf = (seq: number): Message => ({
  id: `run/${seq}`,
  run: 'run',
  seq,
  sentAtMs: 0,
  payload: `payload ${seq}`,
});
