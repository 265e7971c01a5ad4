import { createHash } from 'node:crypto';

/** What the sender sends; every copy of a message has the same id. */
export interface Message {
  readonly id: string;
  /** The sender's incarnation: after a restart it would begin another one, at 1. */
  readonly run: string;
  /** 1, 2, 3 … */
  readonly seq: number;
  readonly sentAtMs: number;
  readonly payload: string;
}

/** What the sender says in between: the highest number it has sent so far. */
export interface Heartbeat {
  readonly highest: number;
}

/** The first byte of a datagram tells what it is. */
export const messageMark = 'M'.charCodeAt(0);
export const heartbeatMark = 'H'.charCodeAt(0);

export const encodeMessage = (message: Message): Buffer =>
  Buffer.from(`M${JSON.stringify(message)}`);

export const encodeHeartbeat = (heartbeat: Heartbeat): Buffer =>
  Buffer.from(`H${JSON.stringify(heartbeat)}`);

/** `undefined` for a datagram that is not ours: anybody on this machine can write to a UDP port. */
export function decodeDatagram(datagram: Buffer): Message | Heartbeat | undefined {
  const value = parseJson(datagram.toString('utf8', 1));
  if (datagram[0] === messageMark && isMessage(value)) return value;
  if (datagram[0] === heartbeatMark && isHeartbeat(value)) return value;
  return undefined;
}

export function isMessage(value: unknown): value is Message {
  if (typeof value !== 'object' || value === null) return false;
  const { id, run, seq, sentAtMs, payload } = value as Partial<Record<keyof Message, unknown>>;
  return (
    typeof id === 'string' &&
    typeof run === 'string' &&
    Number.isSafeInteger(seq) &&
    typeof sentAtMs === 'number' &&
    typeof payload === 'string'
  );
}

export function isHeartbeat(value: unknown): value is Heartbeat {
  if (typeof value !== 'object' || value === null) return false;
  return Number.isSafeInteger((value as Partial<Record<keyof Heartbeat, unknown>>).highest);
}

export function parseJson(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

/** 32 bits that differ when number or payload do: sender and receiver compute it apart, the account compares. */
export const checksumOf = ({ seq, payload }: Message): number =>
  createHash('sha256').update(`${seq}:${payload}`).digest().readUInt32BE();
