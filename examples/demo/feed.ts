import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { filter, fromEvent, map, type Observable, share } from 'rxjs';
import { decodeDatagram, isHeartbeat, isMessage, type Message } from './message.js';

/** What comes in over UDP. */
export interface Feed {
  readonly port: number;
  readonly messages$: Observable<Message>;
  /** The highest number the sender has used so far. */
  readonly heartbeats$: Observable<number>;
}

export async function openFeed(): Promise<Feed> {
  const socket = createSocket({ type: 'udp4', recvBufferSize: 2 ** 20 });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  const datagrams$ = fromEvent(socket, 'message', decodeDatagram).pipe(share());
  return {
    port: socket.address().port,
    messages$: datagrams$.pipe(filter(isMessage)),
    heartbeats$: datagrams$.pipe(
      filter(isHeartbeat),
      map((heartbeat) => heartbeat.highest),
    ),
  };
}
