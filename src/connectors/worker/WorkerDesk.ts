import { type Answer, FailedWork } from '../../core/Answer.js';
import { Parcel } from '../../core/Parcel.js';
import { NumberedLine } from '../../structures/NumberedLine.js';
import type { WorkerLink } from './connect.js';
import { type Answers, extra, type FromWorker, protocol, type Start } from './messages.js';
import { unpackError } from './PackedError.js';
import { WorkerError } from './WorkerError.js';

export interface DeskSettings<T> {
  readonly maxBatch: number;
  readonly maxInFlight: number;
  readonly maxWaitMs: number;
  readonly crashPolicy: 'dead-letter' | 'resend';
  readonly transfer: ((message: T) => readonly object[]) | undefined;
}

/** Who a desk works for. */
export interface DeskOwner<T, R> {
  answer(answer: Answer<T, R>): void;
  /** Ends the stream. */
  fail(failed: FailedWork<T>): void;
  complete(): void;
  /** There is room for more messages. */
  drain(): void;
  /** There is something to flush, soon. */
  wait(): void;
}

/** Sends messages to a worker in batches, and knows which of them it has not answered. */
export class WorkerDesk<T, R> {
  /** The worker has said that it is there. */
  #isConnected = false;
  /** No more messages come. */
  #isEnding = false;
  /** Messages to be sent together. */
  #batch: Parcel<T>[] = [];
  #transfer: object[] = [];
  /** What was sent and is not answered to the end. */
  readonly #sent: NumberedLine<Parcel<T>>;
  /** The message that had a result last; at first one that nobody sent. */
  #last = new Parcel<T>(extra, undefined as T, undefined, undefined);
  /** Messages that the worker's pipeline has taken up. */
  #takenUp = 0;
  /** Messages handed to this desk that are not sent. */
  #unsent = 0;

  constructor(
    private readonly settings: DeskSettings<T>,
    private readonly shard: { readonly index: number; readonly size: number },
    private readonly link: WorkerLink,
    private readonly owner: DeskOwner<T, R>,
  ) {
    this.#sent = new NumberedLine(settings.maxInFlight);
  }

  /** A message can be taken: the worker is there, and has not too many that it has not begun. */
  get isFree(): boolean {
    return (
      this.#isConnected &&
      this.#sent.next - this.#takenUp + this.#unsent < this.settings.maxInFlight
    );
  }

  /** A message is on its way to `push`. */
  taken(): void {
    this.#unsent += 1;
  }

  push(parcel: Parcel<T>): void {
    const { maxBatch, transfer } = this.settings;
    try {
      if (transfer !== undefined) this.#transfer.push(...transfer(parcel.message));
    } catch (error) {
      // Else the oldest message in flight would be blamed.
      this.owner.fail(new FailedWork([parcel], error));
      return;
    }
    this.#batch.push(parcel);
    if (this.#batch.length >= maxBatch) this.flush();
    else this.owner.wait();
  }

  /** No more messages come; the pipeline ends when it has done those it has. */
  end(): void {
    this.#isEnding = true;
    if (!this.#isConnected) return;
    this.flush();
    this.link.post({ kind: 'complete' }, []);
  }

  /** Sends the batch. */
  flush(): void {
    const parcels = this.#batch;
    const transfer = this.#transfer;
    if (parcels.length === 0) return;
    this.#batch = [];
    this.#transfer = [];
    try {
      this.#send(parcels, transfer);
    } catch {
      // One of them cannot be cloned.
      for (const parcel of parcels) this.#sendAlone(parcel);
      this.owner.drain();
    }
  }

  receive(message: FromWorker): void {
    switch (message.kind) {
      case 'ready':
        this.#greet(message.protocol);
        break;
      case 'answers':
        this.#takeAnswers(message);
        break;
      case 'failure': {
        const poison = message.poison.flatMap((number) => this.#sent.get(number) ?? []);
        this.owner.fail(new FailedWork(poison, unpackError(message.error)));
        break;
      }
      case 'complete':
        this.owner.complete();
    }
  }

  /** The worker is gone, with all that it had. */
  crash(error: WorkerError): void {
    const isLost = this.settings.crashPolicy === 'dead-letter';
    this.owner.fail(new FailedWork(isLost ? [...this.#sent.values()] : [], error));
  }

  #greet(spoken: string): void {
    if (spoken !== protocol) {
      const text = `the worker speaks ${spoken}, not ${protocol}: its rxjs-reliable is of another version`;
      this.crash(new WorkerError(text, undefined, undefined));
      return;
    }
    const { maxBatch, maxWaitMs } = this.settings;
    const { index, size } = this.shard;
    const start: Start = { kind: 'start', index, size, maxBatch, maxWaitMs };
    this.link.post(start, []);
    this.#isConnected = true;
    if (this.#isEnding) this.end();
    else this.owner.drain();
  }

  #send(parcels: readonly Parcel<T>[], transfer: readonly object[]): void {
    const values = parcels.map(({ message }) => message);
    this.link.post({ kind: 'messages', values }, transfer);
    this.#unsent -= parcels.length;
    for (const parcel of parcels) this.#sent.add(parcel);
  }

  #sendAlone(parcel: Parcel<T>): void {
    try {
      this.#send([parcel], this.settings.transfer?.(parcel.message) ?? []);
    } catch (error) {
      this.#unsent -= 1;
      this.#bury(parcel, error);
    }
  }

  #takeAnswers(answers: Answers): void {
    const { buried, ended, taken } = answers;
    this.#takenUp = taken;
    if (answers.owners === undefined) this.#takePlain(answers);
    else this.#takeOwned(answers.values, answers.owners);
    for (const [number, error] of buried) {
      // There is no message to give up.
      if (number === extra) this.owner.fail(new FailedWork([], unpackError(error)));
      const parcel = this.#sent.take(number);
      if (parcel !== undefined) this.#bury(parcel, unpackError(error));
    }
    for (const number of ended) {
      const parcel = this.#sent.take(number);
      if (parcel === undefined) continue;
      this.owner.answer({ parcel, value: undefined, isResult: false, isEnd: true });
    }
    this.owner.drain();
  }

  /** One result of each message in turn, and nothing more of it. */
  #takePlain({ values, first }: Answers): void {
    let number = first;
    for (const value of values) {
      const parcel = this.#sent.take(number++);
      if (parcel === undefined) continue;
      this.#last = parcel;
      this.owner.answer({ parcel, value: value as R, isResult: true, isEnd: true });
    }
  }

  #takeOwned(values: readonly unknown[], owners: readonly number[]): void {
    for (const [index, value] of values.entries()) {
      const number = owners[index] ?? extra;
      const parcel = number === extra ? this.#last : this.#sent.get(number);
      if (parcel === undefined) continue;
      this.#last = parcel;
      this.owner.answer({ parcel, value: value as R, isResult: true, isEnd: false });
    }
  }

  /** The message is given up; the stream goes on. */
  #bury(parcel: Parcel<T>, error: unknown): void {
    const failure = { error };
    this.owner.answer({ parcel, value: undefined, isResult: false, isEnd: true, failure });
  }
}
