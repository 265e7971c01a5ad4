import { describe, expect, it } from 'vitest';
import { attachAnswers, FailedWork } from '../../../src/core/Answer.js';
import { ArrivalOrder } from '../../../src/core/ArrivalOrder.js';
import { Parcel } from '../../../src/core/Parcel.js';
import { ShardChannel } from '../../../src/core/ShardChannel.js';
import { type RunSettings, ShardRun } from '../../../src/core/ShardRun.js';
import { takeAll } from '../../support/takeAll.js';

function make(settings: Partial<RunSettings<string, string>> = {}, output?: unknown) {
  const log: unknown[] = [];
  const received: unknown[] = [];
  const heard: unknown[] = [];
  const channel = new ShardChannel<string>(0, [0], (kind, { message }) => {
    log.push(`${kind} ${message}`);
  });
  let made = 0;
  const run = new ShardRun<string, string>(
    {
      order: new ArrivalOrder({ closed: false, next: (text) => log.push(text) }),
      host: {
        closed: false,
        listen: (open) => {
          heard.push(open());
          channel.subscribe(takeAll(received));
        },
        interlude: (work) => {
          work();
        },
        enter: (work) => {
          work();
        },
        settle: undefined,
        fail: (error) => log.push(String(error)),
      },
      report: (event) =>
        log.push('message' in event ? `${event.kind} ${event.message}` : event.kind),
      onShardError: 'fail',
      maxRestarts: 1,
      onOver: () => log.push('over'),
      ...settings,
    },
    channel,
    () => {
      made += 1;
      return output;
    },
  );
  const parcels = ['a', 'b', 'c'].map(
    (text, ticket) => new Parcel(ticket, text, undefined, undefined),
  );
  run.start();
  for (const parcel of parcels) channel.accept(parcel);
  return { run, channel, log, received, heard, parcels, made: () => made };
}

describe('ShardRun', () => {
  it('has each result of a plain pipeline mean that the oldest message is done', () => {
    const { run, channel, log } = make();
    run.next('x');
    expect(channel.pending).toBe(2);
    for (const text of ['y', 'z', 'more']) run.next(text);
    expect(channel.pending).toBe(0);
    expect(log).toEqual(['x', 'y', 'z', 'more']);
  });

  it('passes on what a pipeline emits by itself, before any message', () => {
    const { run, channel, log } = make();
    for (const parcel of [...channel.parcels()]) channel.finish(parcel);
    run.next('hello');
    expect(log).toEqual(['hello']);
  });

  it('hears the answers where there are some, else the output', () => {
    const [output, answers] = [{}, {}];
    expect(make({}, output).heard).toEqual([output]);
    expect(make({}, attachAnswers(output, answers)).heard[0]).toBe(answers);
  });

  it('believes answers', () => {
    const { run, channel, log, parcels } = make({}, attachAnswers({}, {}));
    const parcel = parcels[1];
    run.next({ parcel, value: 'x', isResult: true, isEnd: false });
    run.next({ parcel, value: 'y', isResult: true, isEnd: false });
    expect(channel.pending).toBe(3);
    run.next({ parcel, value: undefined, isResult: false, isEnd: true });
    expect([...channel.parcels()].map(({ message }) => message)).toEqual(['a', 'c']);
    expect(log).toEqual(['x', 'y']);
  });

  it('takes the oldest message for the poison, or the one that the error names', () => {
    const plain = make({ onShardError: 'drop' });
    plain.run.error('broken');
    expect(plain.log).toEqual(['shard-error', 'dead-letter a', 'orphaned b', 'orphaned c', 'over']);
    const exact = make({ onShardError: 'drop' });
    exact.run.error(new FailedWork([exact.parcels[1] as Parcel<string>], 'broken'));
    expect(exact.log.slice(0, 3)).toEqual(['shard-error', 'dead-letter b', 'orphaned a']);
  });

  it('blames no message where the pipeline has none', () => {
    const { run, log, channel } = make({ onShardError: 'drop' });
    channel.hold();
    channel.rewind();
    run.error('broken');
    expect(log).toEqual(['shard-error', 'orphaned a', 'orphaned b', 'orphaned c', 'over']);
  });

  it('fails the stream', () => {
    const { run, log } = make();
    run.error('broken');
    expect(log).toEqual([
      'shard-error',
      'dead-letter a',
      'ShardError: mergeShards: shard 0 failed: "broken"',
    ]);
  });

  it('makes the pipeline again, until it was too often', () => {
    const { run, log, made } = make({ onShardError: 'restart' });
    run.error('broken');
    expect(made()).toBe(2);
    run.error('again');
    expect(made()).toBe(2);
    expect(log).toEqual([
      'shard-error',
      'dead-letter a',
      'shard-restart',
      'shard-error',
      'dead-letter b',
      'orphaned c',
      'over',
    ]);
  });

  it('is over when its pipeline completes, and deaf', () => {
    const { run, log, channel } = make();
    run.complete();
    run.next('x');
    expect(log).toEqual(['shard-complete', 'orphaned a', 'orphaned b', 'orphaned c', 'over']);
    expect(channel.isClosed).toBe(true);
  });

  it('has everything done when shard and pipeline complete', () => {
    const { run, log, channel } = make();
    channel.complete();
    run.complete();
    expect(log).toEqual(['shard-complete', 'over']);
    expect(channel.pending).toBe(0);
  });

  it('has orphans where answers say that not everything is done, although all was handed over', () => {
    const { run, log, channel, parcels } = make({}, attachAnswers({}, {}));
    channel.complete();
    run.next({ parcel: parcels[0], value: undefined, isResult: false, isEnd: true });
    run.complete();
    expect(log).toEqual(['shard-complete', 'orphaned b', 'orphaned c', 'over']);
  });

  it('gives account, and leaves', () => {
    const { run, log, channel } = make();
    run.discard();
    run.leave();
    run.discard();
    expect(log).toEqual(['discarded a', 'discarded b', 'discarded c']);
    expect(channel.tracker).toBeUndefined();
  });

  it('is the only one to track its shard', () => {
    const { run } = make();
    expect(() => run.start()).toThrow('mergeShards: shard 0 is merged already');
  });
});
