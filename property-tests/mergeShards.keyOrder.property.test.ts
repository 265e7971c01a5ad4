/** mergeShards by the order of keys, against a list of what every shard has. */
import * as fc from 'fast-check';
import { Subject } from 'rxjs';
import { mergeShards, shardBy } from 'rxjs-reliable';
import { VirtualClock } from 'rxjs-reliable/testing';
import { describe, expect, it } from 'vitest';
import { checkerOf } from './support/check.js';
import { KeyMergeOracle } from './support/keyMergeOracle.js';

const { check } = checkerOf('mergeShards');

describe('mergeShards', () => {
  it('merges by order as the oracle does', () => {
    const result = fc.record({
      shard: fc.nat({ max: 3 }),
      order: fc.nat({ max: 40 }),
      afterMs: fc.nat({ max: 12 }),
    });
    check(
      'key order',
      10_000,
      [
        fc.array(result, { maxLength: 40 }),
        fc.integer({ min: 1, max: 4 }),
        fc.constantFrom(0, 1, 5, 20, -1),
        fc.constantFrom('drop', 'emit'),
        fc.constantFrom(2, 5, 1_000),
        fc.boolean(),
        fc.boolean(),
      ],
      (drawn, shards, drawnIdleMs, latePolicy, maxBuffer, isSorted, completes) => {
        const idleMs = drawnIdleMs < 0 ? Infinity : drawnIdleMs;
        const clock = new VirtualClock({ maxActions: 1_000 });
        const source = new Subject<(typeof drawn)[number]>();
        let orders = 0;
        const list = drawn.map((one) => ({
          ...one,
          shard: one.shard % shards,
          order: isSorted ? (orders += one.order) : one.order,
        }));
        const log: string[] = [];
        const oracle = new KeyMergeOracle(shards, idleMs, latePolicy === 'emit', maxBuffer);
        source
          .pipe(
            shardBy({ policy: 'custom', indexOf: ({ shard }) => shard }, { shards }),
            mergeShards((shard) => shard, {
              order: { by: ({ order }) => order, idleMs },
              scheduler: clock,
              latePolicy: latePolicy as 'drop',
              maxBuffer,
              onEvent: (event) => {
                if ('message' in event) {
                  log.push(`${event.kind} ${String(list.indexOf(event.message))}`);
                }
              },
            }),
          )
          .subscribe({
            next: (one) => log.push(`${String(clock.now())} ${String(list.indexOf(one))}`),
            complete: () => log.push('complete'),
          });
        list.forEach((one, index) => {
          clock.advanceBy(one.afterMs);
          source.next(one);
          oracle.push(index, one.shard, one.order, clock.now());
        });
        if (completes) {
          source.complete();
          oracle.complete(clock.now());
        } else {
          clock.flush();
          oracle.advance(Number.MAX_VALUE);
        }
        expect(log).toEqual(oracle.log);
        expect(clock.pending).toBe(0);
      },
    );
  });
});
