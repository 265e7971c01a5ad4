import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { Observable, ReplaySubject, type Subscriber } from 'rxjs';
import { onLine, sendLine } from './lines.js';
import { isMessage, type Message } from './message.js';

/** The receiver's end of the TCP connection to the sender. */
export interface BackChannel {
  /** Asks the sender for messages again: subscribing asks, unsubscribing ignores the answer. */
  replay(first: number, last: number): Observable<Message>;
  /** The number of the last message, once the sender has sent it. */
  readonly end$: Observable<number>;
  readonly inFlight: () => number;
}

export async function connectBackChannel(port: number): Promise<BackChannel> {
  const socket = connect(port, '127.0.0.1');
  const end$ = new ReplaySubject<number>(1);
  const requests = new Requests(socket);
  onLine(socket, (value) => {
    const line = value as Line | undefined;
    if (line?.kind === 'answer') requests.answer(line.request, line.messages);
    if (line?.kind === 'end') end$.next(Number(line.last));
  });
  socket.on('error', (error) => requests.fail(error));
  socket.on('close', () => requests.fail(new Error('the sender hung up')));
  await once(socket, 'connect');
  return {
    replay: (first, last) => requests.ask(first, last),
    end$,
    inFlight: () => requests.size,
  };
}

/** What the sender says: the answer to a request, or that it has come to its end. */
interface Line {
  readonly kind?: 'answer' | 'end';
  readonly request?: number;
  readonly messages?: readonly unknown[];
  readonly last?: number;
}

/** Requests under way, by the number that finds the answer's asker. */
class Requests {
  readonly #askers = new Map<number, Subscriber<Message>>();
  #next = 0;

  constructor(private readonly socket: Socket) {}

  get size(): number {
    return this.#askers.size;
  }

  ask(first: number, last: number): Observable<Message> {
    return new Observable((asker) => {
      const request = this.#next++;
      this.#askers.set(request, asker);
      sendLine(this.socket, { request, first, last });
      return () => this.#askers.delete(request);
    });
  }

  answer(request = NaN, messages: readonly unknown[] = []): void {
    const asker = this.#askers.get(request);
    for (const message of messages.filter(isMessage)) asker?.next(message);
    asker?.complete();
  }

  fail(error: Error): void {
    for (const asker of [...this.#askers.values()]) asker.error(error);
  }
}
