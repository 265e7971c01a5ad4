import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { onLine, sendLine } from './lines.js';
import type { SentHistory } from './sentHistory.js';

/** The most messages one answer carries. */
const maxAnswer = 1_024;

export interface ReplayServer {
  readonly port: number;
  readonly requests: () => number;
  readonly replayed: () => number;
  /** Tells everybody connected that nothing follows this number. */
  end(last: number): void;
}

/** The sender's end of the back channel: answers "first to last, please" with those messages, after `delayMs`. */
export async function serveReplays(history: SentHistory, delayMs: number): Promise<ReplayServer> {
  const peers = new Set<Socket>();
  const count = { requests: 0, replayed: 0 };

  function answer(socket: Socket, { request, first, last }: ReplayRequest): void {
    const messages = history.between(first, Math.min(last, first + maxAnswer - 1));
    count.requests++;
    count.replayed += messages.length;
    sendLine(socket, { kind: 'answer', request, messages });
  }

  const server = createServer((socket) => {
    peers.add(socket);
    socket.on('close', () => peers.delete(socket));
    socket.on('error', () => socket.destroy());
    onLine(socket, (value) => {
      if (isReplayRequest(value)) setTimeout(answer, delayMs, socket, value);
      else socket.destroy();
    });
  });
  server.maxConnections = 4;
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');

  return {
    port: (server.address() as AddressInfo).port,
    requests: () => count.requests,
    replayed: () => count.replayed,
    end: (last) => {
      for (const socket of peers) sendLine(socket, { kind: 'end', last });
    },
  };
}

interface ReplayRequest {
  readonly request: number;
  readonly first: number;
  readonly last: number;
}

function isReplayRequest(value: unknown): value is ReplayRequest {
  if (typeof value !== 'object' || value === null) return false;
  const { request, first, last } = value as Partial<Record<keyof ReplayRequest, unknown>>;
  return [request, first, last].every((number) => Number.isSafeInteger(number));
}
