import type { Parcel } from '../../core/Parcel.js';
import type { ResultOrder } from '../../core/ResultOrder.js';
import { Turn } from '../../core/Turn.js';
import { type Answers, extra } from './messages.js';
import { type PackedError, packError } from './PackedError.js';

/** Sends answers to the other thread; throws if one of them cannot be cloned. */
export type SendAnswers = (answers: Answers, transfer: readonly object[]) => void;

/** Gathers what comes of a worker's messages, to be sent together. */
export class AnswerSheet<R> implements ResultOrder<R> {
  readonly deadlineMs: number = Infinity;
  /** Whoever passes is known by number, and needs no turn. */
  readonly isClear: boolean = true;
  /** The messages that the pipeline failed on. */
  readonly poison: number[] = [];
  #values: R[] = [];
  #owners: number[] = [];
  /** So many of the values, from the first on, were the last of their messages. */
  #pairs = 0;
  #ended: number[] = [];
  #transfer: object[] = [];
  /** How many messages were said to be taken up. */
  #told = 0;
  /** The message being handed over, as long as it has no turn of its own: the next value without one is its result. */
  #passing = extra;

  constructor(
    private readonly send: SendAnswers,
    private readonly transferOf: ((result: R) => readonly object[]) | undefined,
    /** How many messages the pipeline has taken up. */
    private readonly taken: () => number,
    /** Hears of something to send. */
    private readonly onFilled: () => void,
  ) {}

  /** How many values wait to be sent. */
  get size(): number {
    return this.#values.length;
  }

  /** A message is handed over that need not be accepted if it is answered at once. */
  pass(number: number): void {
    this.#passing = number;
  }

  accepted(parcel: Parcel<unknown>): void {
    this.#passing = extra;
    parcel.turn = new Turn(parcel.ticket);
  }

  result(value: R, _shard: number, turn: Turn | undefined): void {
    const owner = this.#ownerOf(turn);
    try {
      if (this.transferOf !== undefined) this.#transfer.push(...this.transferOf(value));
    } catch (error) {
      if (owner !== extra) this.poison.push(owner);
      throw error;
    }
    this.#values.push(value);
    this.#owners.push(owner);
    if (turn === undefined && owner !== extra) this.#end(owner);
    this.onFilled();
  }

  finish(turn: Turn): void {
    if (turn.isOver) return;
    turn.isOver = true;
    this.#end(turn.ticket);
    this.onFilled();
  }

  failed(turn: Turn): void {
    this.poison.push(turn.ticket);
  }

  /** Sends what there is, if there is anything new. */
  flush(): void {
    const taken = this.taken();
    if (this.#values.length === 0 && this.#ended.length === 0 && taken === this.#told) return;
    const answers = this.#take(taken);
    const transfer = this.#transfer;
    this.#transfer = [];
    this.#told = taken;
    try {
      this.send(answers, transfer);
    } catch {
      this.#sendApart(answers);
    }
  }

  settle(): void {
    // It has no deadline.
  }

  open(): void {
    // There is one shard.
  }

  close(): void {
    // There is one shard.
  }

  discard(): void {
    // What came before the error is sent.
  }

  #ownerOf(turn: Turn | undefined): number {
    if (turn !== undefined) return turn.isOver ? extra : turn.ticket;
    const passing = this.#passing;
    this.#passing = extra;
    return passing;
  }

  /** Nothing more will come of a message. */
  #end(number: number): void {
    const last = this.#values.length - 1;
    if (last >= 0 && this.#pairs === last && this.#owners[last] === number) this.#pairs += 1;
    else this.#ended.push(number);
  }

  #take(taken: number): Answers {
    const values = this.#values;
    const owners = this.#owners;
    const [first = 0] = owners;
    const isPlain =
      this.#pairs === values.length && owners.every((owner, index) => owner === first + index);
    const ended = isPlain ? this.#ended : [...owners.slice(0, this.#pairs), ...this.#ended];
    this.#values = [];
    this.#owners = [];
    this.#ended = [];
    this.#pairs = 0;
    const kind = 'answers' as const;
    return { kind, taken, values, owners: isPlain ? undefined : owners, first, ended, buried: [] };
  }

  /** One of the values cannot be cloned: its message is given up, the others are sent. */
  #sendApart({ kind, taken, values, owners, first, ended }: Answers): void {
    const buried: (readonly [number: number, error: PackedError])[] = [];
    for (const [index, value] of values.entries()) {
      const owner = owners?.[index] ?? first + index;
      const apart = { kind, taken, values: [value], owners: [owner], first, ended: [], buried: [] };
      try {
        this.send(apart, this.transferOf?.(value as R) ?? []);
      } catch (error) {
        buried.push([owner, packError(error)]);
      }
    }
    const pairs = owners === undefined ? values.map((_, index) => first + index) : [];
    const rest = {
      kind,
      taken,
      values: [],
      owners: [],
      first,
      ended: [...pairs, ...ended],
      buried,
    };
    this.send(rest, []);
  }
}
