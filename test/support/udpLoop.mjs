// Sends numbered datagrams to itself, a millisecond of time apart for every RATE of them, and prints what arrived, and after how many ms.
// Usage: node udpLoop.mjs COUNT RATE
import { createSocket } from 'node:dgram';
import { setTimeout } from 'node:timers/promises';

const [count = 0, rate = 1] = process.argv.slice(2).map(Number);
/** Longer than any delay that is asked for. */
const settleMs = 500;

const arrivals = [];
const receiver = createSocket({ type: 'udp4', recvBufferSize: 2 ** 20 });
receiver.on('message', (datagram) => {
  arrivals.push([datagram.readUInt32LE(0), performance.now() - datagram.readDoubleLE(4)]);
});
await new Promise((resolve) => void receiver.bind(0, '127.0.0.1', resolve));

const sender = createSocket('udp4');
const { port } = receiver.address();
const beganMs = performance.now();
for (let seq = 0; seq < count; seq += 1) {
  const dueMs = beganMs + seq / rate;
  if (dueMs > performance.now()) await setTimeout(1);
  const datagram = Buffer.alloc(12);
  datagram.writeUInt32LE(seq, 0);
  datagram.writeDoubleLE(performance.now(), 4);
  sender.send(datagram, port, '127.0.0.1');
}
await setTimeout(settleMs);
sender.close();
receiver.close();
process.stdout.write(JSON.stringify(arrivals));
