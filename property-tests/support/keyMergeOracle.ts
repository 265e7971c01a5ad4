/** A result in its shard's queue. */
interface Queued {
  readonly index: number;
  readonly order: number;
}

/**
 * What a k-way merge with an idle rule has to do, written down naively: at every instant at which something could
 * change, look at all queues.
 */
export class KeyMergeOracle {
  readonly log: string[] = [];
  readonly #queues: Queued[][];
  readonly #lastMs: number[];
  #left = -Infinity;
  #isComplete = false;

  constructor(
    shards: number,
    private readonly idleMs: number,
    private readonly emitsLate: boolean,
    private readonly maxBuffer: number,
  ) {
    this.#queues = Array.from({ length: shards }, () => []);
    this.#lastMs = this.#queues.map(() => 0);
  }

  push(index: number, shard: number, order: number, nowMs: number): void {
    this.advance(nowMs);
    this.#lastMs[shard] = nowMs;
    if (order < this.#left) this.#late(index, nowMs);
    else this.#queues[shard]?.push({ index, order });
    this.#release(nowMs);
    if (this.#queues.flat().length > this.maxBuffer) {
      this.log.push(`overflow ${String(index)}`);
      this.#emitLeast(nowMs);
      this.#release(nowMs);
    }
  }

  complete(nowMs: number): void {
    this.advance(nowMs);
    this.#isComplete = true;
    this.#release(nowMs);
    this.log.push('complete');
  }

  /** Goes through every instant at which a shard becomes idle. */
  advance(untilMs: number): void {
    const instants = this.#lastMs.map((lastMs) => lastMs + this.idleMs).sort((a, b) => a - b);
    for (const atMs of instants) if (atMs <= untilMs) this.#release(atMs);
  }

  #release(nowMs: number): void {
    while (
      this.#queues.flat().length > 0 &&
      this.#queues.every(
        (queue, shard) =>
          queue.length > 0 || this.#isComplete || (this.#lastMs[shard] ?? 0) + this.idleMs <= nowMs,
      )
    ) {
      this.#emitLeast(nowMs);
    }
  }

  #emitLeast(nowMs: number): void {
    const heads = this.#queues.map(([head]) => head?.order ?? Infinity);
    const shard = heads.indexOf(Math.min(...heads));
    const head = this.#queues[shard]?.shift();
    if (head === undefined) return;
    if (head.order < this.#left) {
      this.#late(head.index, nowMs);
    } else {
      this.#left = head.order;
      this.log.push(`${String(nowMs)} ${String(head.index)}`);
    }
  }

  #late(index: number, nowMs: number): void {
    this.log.push(`late ${String(index)}`);
    if (this.emitsLate) this.log.push(`${String(nowMs)} ${String(index)}`);
  }
}
