import { Observable } from 'rxjs';
import { expect, it } from 'vitest';
import { ArrivalOrder } from '../../../src/core/ArrivalOrder.js';
import { Parcel } from '../../../src/core/Parcel.js';
import { channelProperty } from '../../../src/core/channelOf.js';
import { ShardChannel } from '../../../src/core/ShardChannel.js';
import { ShardMerge } from '../../../src/core/ShardMerge.js';
import type { ResultOrder } from '../../../src/core/ResultOrder.js';
import type { PipelineHost, PipelineInlet } from '../../../src/core/ShardRun.js';
import type { Shard } from '../../../src/types.js';

function make(order?: ResultOrder<string>) {
  const log: unknown[] = [];
  const inlets: PipelineInlet[] = [];
  const host: PipelineHost & { complete(): void } = {
    closed: false,
    listen: (open, inlet) => {
      open();
      inlets.push(inlet);
    },
    interlude: (work) => {
      work();
    },
    enter: (work) => {
      work();
    },
    settle: undefined,
    fail: (error) => log.push(error),
    complete: () => log.push('|'),
  };
  const merge = new ShardMerge<string, string>(
    { pipeline: (one) => log.push(one), onShardError: 'drop', maxRestarts: 0 },
    order ?? new ArrivalOrder({ closed: false, next: (text) => log.push(text) }),
    host,
    (event) => log.push(event.kind),
  );
  const shard = (index: number): Shard<string> =>
    Object.defineProperties(
      new Observable<string>(),
      channelProperty(new ShardChannel<string>(index, [0, 0], () => undefined)),
    ) as Shard<string>;
  return { merge, log, inlets, shard };
}

it('ShardMerge completes when there are no more shards and all pipelines are over', () => {
  const { merge, log, inlets, shard } = make();
  merge.push(shard(0), () => 0);
  merge.push(shard(1), () => 0);
  inlets[0]?.next('a');
  inlets[0]?.complete();
  merge.end();
  expect(log.slice(2)).toEqual(['a', 'shard-complete']);
  inlets[1]?.error('broken');
  expect(log.slice(4)).toEqual(['shard-error', '|']);
});

it('ShardMerge says that a new shard may have moved the deadline of its order', () => {
  const { merge, shard } = make();
  expect(merge.push(shard(0), () => 0)).toBe(false);
});

it('ShardMerge completes at once where there are no shards', () => {
  const { merge, log } = make();
  merge.end();
  expect(log).toEqual(['|']);
});

it('ShardMerge refuses two shards of one index', () => {
  const { merge, shard } = make();
  merge.push(shard(0), () => 0);
  expect(() => merge.push(shard(0), () => 0)).toThrow(
    new TypeError(
      'mergeShards: there are two shards 0; the shards of each shardBy need a mergeShards of their own',
    ),
  );
});

it('ShardMerge refuses what is no shard', () => {
  const { merge } = make();
  expect(() => merge.push(new Observable<string>() as Shard<string>, () => 0)).toThrow(
    'mergeShards: what it was given is no shard of shardBy',
  );
});

it('ShardMerge makes the pipeline of each shard', () => {
  const { merge, log, shard } = make();
  const shards = [shard(0), shard(1)];
  for (const one of shards) merge.push(one, () => 0);
  expect(log).toEqual(shards);
});

it('ShardMerge waits for more shards where those it has are over', () => {
  const { merge, log, inlets, shard } = make();
  merge.push(shard(0), () => 0);
  inlets[0]?.complete();
  expect(log.slice(1)).toEqual(['shard-complete']);
  expect(merge.isOpen).toBe(true);
  merge.end();
  expect(log.at(-1)).toBe('|');
});

it('ShardMerge is due when its order is, and is settled and gives account with it', () => {
  const told: unknown[] = [];
  const order: ResultOrder<string> = {
    deadlineMs: 25,
    isClear: false,
    open: (shard) => told.push(`open ${String(shard)}`),
    close: () => undefined,
    result: () => undefined,
    settle: (nowMs) => told.push(`settle ${String(nowMs)}`),
    discard: () => told.push('discard'),
  };
  const { merge, shard } = make(order);
  expect(merge.deadlineMs).toBe(25);
  merge.push(shard(1), () => 0);
  merge.settle(30);
  merge.discard();
  expect(told).toEqual(['open 1', 'settle 30', 'discard']);
});

it('ShardMerge has its shards give account, and leaves them', () => {
  for (const isLeft of [false, true]) {
    const { merge } = make();
    const reports: string[] = [];
    const channel = new ShardChannel<string>(0, [0], (kind, { message }) => {
      reports.push(`${kind} ${message}`);
    });
    merge.push(
      Object.defineProperties(new Observable<string>(), channelProperty(channel)) as Shard<string>,
      () => 0,
    );
    channel.accept(new Parcel(0, 'a', undefined, undefined));
    if (isLeft) merge.leave();
    merge.discard();
    expect(reports).toEqual(isLeft ? [] : ['discarded a']);
    expect(channel.tracker === undefined).toBe(isLeft);
  }
});
