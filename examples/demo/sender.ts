/** The sender: numbered messages over UDP, heartbeats in between, replays on request over TCP. */
import { randomUUID } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { childArguments, connectToParent } from './childProcess.js';
import { checksumOf, encodeHeartbeat, encodeMessage, type Message } from './message.js';
import type { SenderReport, SenderStatus } from './processes.js';
import { seededRandom } from './random.js';
import { serveReplays } from './replayServer.js';
import { SentHistory } from './sentHistory.js';
import type { Settings } from './settings.js';

const historySize = 65_536;
const heartbeatIntervalMs = 50;
const tickMs = 5;

const settings = childArguments() as Settings;
const parent = connectToParent<SenderStatus, SenderReport>();
const history = new SentHistory(historySize);
const checksums = new Uint32Array(settings.messages);
const random = seededRandom(settings.seed);
const replays = await serveReplays(history, settings.roundTripMs);
const socket = createSocket('udp4');
const run = randomUUID();
let sent = 0;
let heartbeats = 0;

function nextMessage(): Message {
  const seq = ++sent;
  const payload = Array.from({ length: 1 + (seq % 4) }, () => random().toString(36)).join(' ');
  const message = { id: `${run}/${seq}`, run, seq, sentAtMs: Date.now(), payload };
  history.add(message);
  checksums[seq - 1] = checksumOf(message);
  return message;
}

/** Sends what is due by now; a timer that fires late is made up for. */
function sendAll(): void {
  const startedAtMs = performance.now();
  const ticks = setInterval(() => {
    const elapsedMs = performance.now() - startedAtMs;
    const due = Math.min(
      settings.messages,
      Math.ceil((elapsedMs * settings.ratePerSecond) / 1_000),
    );
    while (sent < due) socket.send(encodeMessage(nextMessage()));
    if (sent < settings.messages) return;
    clearInterval(ticks);
    replays.end(sent);
  }, tickMs);
}

/** Without them nobody would miss the last messages. */
function sendHeartbeats(): void {
  const beats = setInterval(() => {
    heartbeats++;
    socket.send(encodeHeartbeat({ highest: sent }));
  }, heartbeatIntervalMs);
  parent.on('finish', () => clearInterval(beats));
}

const status = (): SenderStatus => ({
  sent,
  heartbeats,
  requests: replays.requests(),
  replayed: replays.replayed(),
});

// Nobody listens any more: then the receiver will miss it.
socket.on('error', () => undefined);
parent.on('go', ({ port }) => {
  socket.connect(port, '127.0.0.1', () => {
    sendAll();
    sendHeartbeats();
  });
});
parent.on('finish', () => parent.report({ ...status(), checksums }));
parent.watch(status);
parent.ready(replays.port);
