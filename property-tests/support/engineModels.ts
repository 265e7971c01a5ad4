/** What stream engines do, written down from their sources (research: engines §2), to be compared with. */

export interface Row {
  readonly key: number;
  readonly timeMs: number;
}

/** Spark's dropDuplicatesWithinWatermark, micro-batch by micro-batch, with an empty batch whenever the watermark moved. */
export class SparkDeduplication<R extends Row> {
  readonly emitted: R[] = [];
  readonly late: R[] = [];
  readonly #expiresAtMs = new Map<number, number>();
  #watermark = 0;
  /** The watermark by which the batch before evicted: this one's late rows are told by it. */
  #before: number | undefined;
  #greatest = -Infinity;

  constructor(private readonly delayMs: number) {}

  runBatch(rows: readonly R[]): void {
    const evictionMark = this.#watermark;
    const lateMark = this.#before ?? evictionMark;
    this.#before = evictionMark;
    for (const row of rows) this.#take(row, lateMark);
    for (const [key, expiresAtMs] of this.#expiresAtMs) {
      if (evictionMark >= expiresAtMs) this.#expiresAtMs.delete(key);
    }
    const watermark = Math.max(this.#watermark, this.#greatest - this.delayMs);
    const hasMoved = watermark > this.#watermark;
    this.#watermark = watermark;
    if (hasMoved) this.runBatch([]);
  }

  #take(row: R, lateMark: number): void {
    this.#greatest = Math.max(this.#greatest, row.timeMs);
    if (row.timeMs <= lateMark) {
      this.late.push(row);
    } else if (!this.#expiresAtMs.has(row.key)) {
      this.#expiresAtMs.set(row.key, row.timeMs + this.delayMs);
      this.emitted.push(row);
    }
  }
}

/** Flink's forBoundedOutOfOrderness before a buffer that sorts by event time, with a side output for late records. */
export class FlinkSorting<R extends Row> {
  readonly emitted: R[] = [];
  readonly late: R[] = [];
  #watermark = -Infinity;
  #buffered = new Map<number, R[]>();

  constructor(private readonly boundMs: number) {}

  onRecord(record: R): void {
    if (record.timeMs <= this.#watermark) {
      this.late.push(record);
      return;
    }
    const sameTime = this.#buffered.get(record.timeMs) ?? [];
    this.#buffered.set(record.timeMs, [...sameTime, record]);
    this.#advanceTo(record.timeMs - this.boundMs - 1);
  }

  /** The end of input is the greatest watermark. */
  onEnd(): void {
    this.#advanceTo(Infinity);
  }

  #advanceTo(watermark: number): void {
    if (watermark <= this.#watermark) return;
    this.#watermark = watermark;
    const ripe = [...this.#buffered.keys()].filter((timeMs) => timeMs <= watermark);
    for (const timeMs of ripe.sort((one, other) => one - other)) {
      this.emitted.push(...(this.#buffered.get(timeMs) ?? []));
      this.#buffered.delete(timeMs);
    }
  }
}

/** A stable k-way merge of sorted lists: of equal ones the list with the lower index goes first. */
export function mergeSorted<R>(
  lists: readonly (readonly R[])[],
  orderOf: (item: R) => number,
): R[] {
  const heads = lists.map(() => 0);
  const merged: R[] = [];
  for (;;) {
    let least: { readonly item: R; readonly list: number } | undefined;
    for (const [list, items] of lists.entries()) {
      const item = items[heads[list] ?? 0];
      if (item === undefined) continue;
      if (least === undefined || orderOf(item) < orderOf(least.item)) least = { item, list };
    }
    if (least === undefined) return merged;
    merged.push(least.item);
    heads[least.list] = (heads[least.list] ?? 0) + 1;
  }
}
