/** The relay: what goes in at one UDP port comes out at another, late, twice, in any order, or not at all. */
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { childArguments, connectToParent } from './childProcess.js';
import { fateDice } from './faults.js';
import { heartbeatMark } from './message.js';
import type { RelayReport, RelayStatus } from './processes.js';
import type { Settings } from './settings.js';

/** A relay has a finite buffer: what does not fit is lost. */
const maxUnderway = 65_536;

const settings = childArguments() as Settings & { readonly receiverPort: number };
const parent = connectToParent<RelayStatus, RelayReport>();
// Heartbeats have dice of their own, so that their timing does not change which messages are lost.
const messageFate = fateDice(settings, 1);
const heartbeatFate = fateDice(settings, 2);
const count = {
  received: 0,
  dropped: 0,
  droppedMessages: 0,
  repeated: 0,
  delayed: 0,
  forwarded: 0,
};
let underway = 0;

const incoming = createSocket({ type: 'udp4', recvBufferSize: 2 ** 20 });
incoming.bind(0, '127.0.0.1');
const outgoing = createSocket('udp4');
outgoing.connect(settings.receiverPort, '127.0.0.1');
await Promise.all([once(incoming, 'listening'), once(outgoing, 'connect')]);
// Nobody listens any more: lost, as on any network.
outgoing.on('error', () => undefined);

function forward(datagram: Buffer): void {
  count.forwarded++;
  outgoing.send(datagram);
}

function forwardLater(datagram: Buffer, delayMs: number): void {
  underway++;
  count.delayed++;
  setTimeout(() => {
    underway--;
    forward(datagram);
  }, delayMs);
}

incoming.on('message', (datagram) => {
  const isHeartbeat = datagram[0] === heartbeatMark;
  const copies = isHeartbeat ? heartbeatFate() : messageFate();
  count.received++;
  if (copies.length === 0 || underway >= maxUnderway) {
    count.dropped++;
    if (!isHeartbeat) count.droppedMessages++;
    return;
  }
  if (copies.length > 1) count.repeated++;
  for (const delayMs of copies) {
    if (delayMs === 0) forward(datagram);
    else forwardLater(datagram, delayMs);
  }
});

parent.on('finish', () => parent.report(count));
parent.watch(() => count);
parent.ready(incoming.address().port);
