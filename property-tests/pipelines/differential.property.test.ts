/** The same answers as those of engines and operators that people know, where they are meant to agree. */
import * as fc from 'fast-check';
import { distinct, from, type MonoTypeOperatorFunction, Subject, tap } from 'rxjs';
import { dedupeWithin, mergeShards, reorderBy, shardBy } from 'rxjs-reliable';
import { describe, expect, it } from 'vitest';
import { checkerOf } from '../support/check.js';
import {
  FlinkSorting,
  mergeSorted,
  type Row,
  SparkDeduplication,
} from '../support/engineModels.js';

const checker = checkerOf('differential');

const upTo = (max: number): fc.Arbitrary<number> => fc.nat({ max });

/** Rows whose event time goes on by and large, with stragglers. */
const rows: fc.Arbitrary<Row[]> = fc
  .array(fc.record({ key: upTo(5), stepMs: upTo(8), behindMs: fc.oneof(upTo(3), upTo(40)) }), {
    maxLength: 80,
    size: 'max',
  })
  .map((drawn) => {
    let clockMs = 50;
    return drawn.map(({ key, stepMs, behindMs }) => {
      clockMs += stepMs;
      return { key, timeMs: clockMs - behindMs };
    });
  });

/** What comes of rows, and which are told to be late. */
function run(
  input: readonly Row[],
  make: (
    onEvent: (event: { kind: string; message?: Row }) => void,
  ) => MonoTypeOperatorFunction<Row>,
) {
  const emitted: Row[] = [];
  const late: (Row | undefined)[] = [];
  from(input)
    .pipe(
      make(({ kind, message }) => {
        if (kind === 'late') late.push(message);
      }),
    )
    .subscribe((row) => emitted.push(row));
  return { emitted, late };
}

describe('agreement with others', () => {
  it("dedupeWithin a watermark is Spark's dropDuplicatesWithinWatermark, a row a batch", () => {
    checker.check('spark', 10_000, [rows, upTo(30)], (input, delayMs) => {
      const model = new SparkDeduplication<Row>(delayMs);
      for (const row of input) model.runBatch([row]);
      const ours = run(input, (onEvent) =>
        dedupeWithin(
          { kind: 'watermark', eventTimeOf: ({ timeMs }) => timeMs, delayMs },
          { keyBy: ({ key }) => key, onEvent: onEvent },
        ),
      );
      expect(ours).toEqual({ emitted: model.emitted, late: model.late });
    });
  });

  it("reorderBy time is Flink's bounded out-of-orderness with a late side output", () => {
    checker.check('flink', 10_000, [rows, upTo(30)], (input, boundMs) => {
      const model = new FlinkSorting<Row>(boundMs);
      for (const row of input) model.onRecord(row);
      model.onEnd();
      const ours = run(input, (onEvent) =>
        reorderBy(({ timeMs }: Row) => timeMs, {
          by: 'time',
          boundMs,
          maxWaitMs: Infinity,
          onEvent: onEvent,
        }),
      );
      expect(ours).toEqual({ emitted: model.emitted, late: model.late });
      expect(ours.emitted.every((row, index) => row === model.emitted[index])).toBe(true);
    });
  });

  it('mergeShards by an order is a stable k-way merge, however its inputs interleave', () => {
    const item = fc.record({ shard: upTo(3), step: upTo(2) });
    const items = fc.array(item, { maxLength: 80, size: 'max' });
    checker.check('k-way merge', 10_000, [items], (drawn) => {
      const orders = [0, 0, 0, 0];
      const lists: { shard: number; order: number }[][] = [[], [], [], []];
      const input = drawn.map(({ shard, step }) => {
        const order = (orders[shard] ?? 0) + step;
        orders[shard] = order;
        const one = { shard, order };
        lists[shard]?.push(one);
        return one;
      });
      const source = new Subject<{ shard: number; order: number }>();
      const merged: { shard: number; order: number }[] = [];
      source
        .pipe(
          shardBy({ policy: 'custom', indexOf: ({ shard }) => shard }, { shards: 4 }),
          mergeShards((shard) => shard, {
            order: { by: ({ order }: { order: number }) => order, idleMs: Infinity },
          }),
          tap((one) => merged.push(one)),
        )
        .subscribe();
      for (const one of input) source.next(one);
      source.complete();
      const expected = mergeSorted(lists, ({ order }) => order);
      expect(merged.map((one) => input.indexOf(one))).toEqual(
        expected.map((one) => input.indexOf(one)),
      );
    });
  });

  it("dedupeWithin is RxJS' distinct where its window is never full", () => {
    const windows = fc.constantFrom(
      { kind: 'count', count: 1_000 } as const,
      { kind: 'time', ms: Infinity } as const,
    );
    checker.check(
      'distinct',
      10_000,
      [fc.array(upTo(60), { maxLength: 200, size: 'max' }), windows],
      (keys, by) => {
        const ours: number[] = [];
        const theirs: number[] = [];
        from(keys)
          .pipe(dedupeWithin<number>(by))
          .subscribe((key) => ours.push(key));
        from(keys)
          .pipe(distinct())
          .subscribe((key) => theirs.push(key));
        expect(ours).toEqual(theirs);
      },
    );
  });
});
