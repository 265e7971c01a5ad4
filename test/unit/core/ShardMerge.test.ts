import { Observable } from 'rxjs';
import { expect, it } from 'vitest';
import { ArrivalOrder } from '../../../src/core/ArrivalOrder.js';
import { channelProperty, ShardChannel } from '../../../src/core/ShardChannel.js';
import { ShardMerge } from '../../../src/core/ShardMerge.js';
import type { PipelineHost, PipelineInlet } from '../../../src/core/ShardRun.js';
import type { Shard } from '../../../src/types.js';

function make() {
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
    { pipeline: () => undefined, onShardError: 'drop', maxRestarts: 0 },
    new ArrivalOrder({ closed: false, next: (text) => log.push(text) }),
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
  expect(log).toEqual(['a', 'shard-complete']);
  inlets[1]?.error('broken');
  expect(log.slice(2)).toEqual(['shard-error', '|']);
});

it('ShardMerge completes at once where there are no shards', () => {
  const { merge, log } = make();
  merge.end();
  expect(log).toEqual(['|']);
});

it('ShardMerge refuses two shards of one index', () => {
  const { merge, shard } = make();
  merge.push(shard(0), () => 0);
  expect(() => merge.push(shard(0), () => 0)).toThrow(TypeError);
});
