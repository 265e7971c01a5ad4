import type { Socket } from 'node:net';
import { parseJson } from './message.js';

/** A peer that sends this much without a line break is not one of ours. */
const maxLineLength = 1_000_000;

/** One JSON value per line, over TCP. */
export const sendLine = (socket: Socket, value: unknown): void => {
  if (socket.writable) socket.write(`${JSON.stringify(value)}\n`);
};

/** Calls back with each line's value; hangs up on a peer that sends something else. */
export function onLine(socket: Socket, handle: (value: unknown) => void): void {
  let rest = '';
  socket.setEncoding('utf8');
  socket.on('data', (chunk: string) => {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    if (rest.length > maxLineLength) socket.destroy();
    for (const line of lines) handle(parseJson(line));
  });
}
