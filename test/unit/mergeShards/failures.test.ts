/** What becomes of a shard whose pipeline fails or completes early. */
import { concatMap, delay, type Observable, of, Subject, take, throwError } from 'rxjs';
import { eachMessage, mergeShards, type Shard, shardBy, ShardError } from 'rxjs-reliable';
import { VirtualClock } from 'rxjs-reliable/testing';
import { describe, expect, it } from 'vitest';
import { run, desk, turns, failsOn } from '../../support/mergeRig.js';

describe('a pipeline that fails', () => {
  it('ends the stream by default', () => {
    const { send, log, source, told } = run(failsOn(2));
    send(0, 1, 2, 3);
    const error = log.at(-1) as ShardError;
    expect(error).toBeInstanceOf(ShardError);
    expect(error).toMatchObject({
      code: 'RELIABLE_SHARD',
      operator: 'mergeShards',
      shard: 0,
      message: 'mergeShards: shard 0 failed: Error: poison 2',
      cause: new Error('poison 2'),
    });
    expect(source.observed).toBe(false);
    expect(told()).toEqual(['shard-error of 0', 'dead-letter 2']);
  });

  it('gives account of all that was in flight and held', () => {
    const { work, end, fail } = desk();
    const { send, told } = run(eachMessage(work), { order: 'source' });
    send(0, 1, 2, 3, 4);
    end(1, 'b');
    fail(0);
    expect(told().sort()).toEqual([
      'dead-letter 0',
      'discarded 2',
      'discarded 3',
      'discarded 4',
      'discarded b',
      'shard-error of 0',
    ]);
  });

  it('is dropped, the others go on', () => {
    const { send, log, source, told } = run(failsOn(2), { onShardError: 'drop' });
    send(0, 1, 2, 3, 4, 5);
    source.complete();
    // Round-robin goes round it.
    expect(log).toEqual([0, 1, 3, 4, 5, '|']);
    expect(told()).toEqual(['shard-error of 0', 'dead-letter 2', 'shard-complete of 1']);
  });

  it('leaves what it was given as orphans', () => {
    const { work, fail, end } = desk();
    const { send, log, told } = run(eachMessage(work), { order: 'source', onShardError: 'drop' });
    send(0, 1, 2, 3, 4);
    end(1, 'b');
    fail(0);
    expect(told()).toEqual(['shard-error of 0', 'dead-letter 0', 'orphaned 2', 'orphaned 4']);
    expect(log).toEqual(['b']);
  });

  it('leaves orphans also after the source has completed', () => {
    const { work, fail } = desk();
    const { send, source, log, told } = run(eachMessage(work), { onShardError: 'drop' });
    send(0, 1, 2, 3);
    source.complete();
    fail(0);
    fail(1);
    expect(told()).toEqual([
      ...['shard-error of 0', 'dead-letter 0', 'orphaned 2'],
      ...['shard-error of 1', 'dead-letter 1', 'orphaned 3'],
    ]);
    expect(log).toEqual(['|']);
  });

  it('has what is not done discarded also after the source has completed', () => {
    const { work, fail } = desk();
    const { send, source, told } = run(eachMessage(work));
    send(0, 1, 2);
    source.complete();
    fail(0);
    expect(told().slice(1)).toEqual(['dead-letter 0', 'discarded 2', 'discarded 1']);
  });

  it('leaves what is routed to it as orphans', () => {
    const orphans: unknown[] = [];
    const out: number[] = [];
    of(0, 1, 2, 3)
      .pipe(
        shardBy(
          { policy: 'custom', indexOf: (n) => n % 2 },
          {
            shards: 2,
            onEvent: (event) => orphans.push(event),
          },
        ),
        mergeShards(failsOn(0), { onShardError: 'drop' }),
      )
      .subscribe((n) => out.push(n));
    expect(out).toEqual([1, 3]);
    expect(orphans).toEqual([
      { kind: 'orphaned', message: 2, key: undefined, shard: 0, passed: false },
    ]);
  });

  it('is made again, with what was not done, in order', () => {
    const { work, fail, end } = desk();
    const { send, log, told, shards } = run(
      eachMessage(work, { concurrency: 2 }),
      {
        order: 'source',
        onShardError: 'restart',
      },
      { shards: 1 },
    );
    send(0, 1, 2, 3);
    fail(1);
    expect(told()).toEqual(['shard-error of 0', 'dead-letter 1', 'shard-restart of 0']);
    expect(shards).toHaveLength(2);
    expect(shards[0]?.pending).toBe(3);
    end(2, 'c');
    end(0, 'a');
    end(3, 'd');
    expect(log).toEqual(['a', 'c', 'd']);
  });

  it('does not repeat results that were held when it was made again', () => {
    const { work, fail, end, answer } = desk();
    const { send, log } = run(eachMessage(work, { concurrency: 2 }), {
      order: 'source',
      onShardError: 'restart',
    });
    send(0, 1, 2, 3);
    answer(3, 'd');
    fail(1);
    end(3, 'd');
    end(2, 'c');
    end(0, 'a');
    expect(log).toEqual(['a', 'c', 'd']);
  });

  it('is dropped when it was made again too often', () => {
    const { send, log, events, source } = run(failsOn(0, 2, 4), {
      onShardError: 'restart',
      maxRestarts: 2,
    });
    send(0, 1, 2, 3, 4, 5, 6);
    source.complete();
    expect(log).toEqual([1, 3, 5, 6, '|']);
    expect(events.flatMap((event) => (event.kind === 'shard-error' ? [event.action] : []))).toEqual(
      ['restart', 'restart', 'drop'],
    );
    expect(
      events.flatMap((event) => (event.kind === 'shard-restart' ? [event.restarts] : [])),
    ).toEqual([1, 2]);
  });

  it('is not made again with maxRestarts 0', () => {
    const { send, told } = run(failsOn(0), { onShardError: 'restart', maxRestarts: 0 });
    send(0);
    expect(told()).toEqual(['shard-error of 0', 'dead-letter 0']);
  });

  it('H54: that cannot be made has failed', () => {
    const thrown = new Error('cannot be made');
    const make = (shard: Shard<number>): Observable<number> => {
      if (shard.index === 0) throw thrown;
      return shard;
    };
    const failing = run(make);
    expect(failing.log[0]).toBeInstanceOf(ShardError);
    expect((failing.log[0] as ShardError).cause).toBe(thrown);
    const dropping = run(make, { onShardError: 'drop' });
    dropping.send(0, 1);
    expect(dropping.log).toEqual([0, 1]);
    const restarting = run(make, { onShardError: 'restart', maxRestarts: 50_000 });
    restarting.send(0);
    expect(restarting.log).toEqual([0]);
    expect(restarting.events).toHaveLength(100_001);
  });

  it('H54: that is nothing that can be subscribed has failed', () => {
    const { log } = run(() => undefined as never);
    expect(log[0]).toBeInstanceOf(ShardError);
    expect((log[0] as ShardError).cause).toBeInstanceOf(TypeError);
  });

  it('outside any message has no dead letter', () => {
    const { told } = run(() => throwError(() => new Error('at once')), { onShardError: 'drop' });
    expect(told()).toEqual(['shard-error of 0', 'shard-error of 1']);
  });

  it('is told from a source that fails', () => {
    const error = new Error('of the source');
    for (const onShardError of ['fail', 'drop', 'restart'] as const) {
      const { source, log, told } = run((shard) => shard, { onShardError });
      source.error(error);
      expect(log[0]).toBe(error);
      expect(told()).toEqual([]);
    }
  });

  it('when the source has completed still lets the stream complete', () => {
    const { work, fail, end } = desk();
    const { source, send, log } = run(eachMessage(work), { onShardError: 'restart' });
    send(0, 1, 2);
    source.complete();
    fail(0);
    end(1, 'b');
    end(2, 'c');
    expect(log).toEqual(['b', 'c', '|']);
  });

  it('stops being heard when the consumer leaves because of it', () => {
    const source = new Subject<number>();
    const kinds: string[] = [];
    const subscription = source
      .pipe(
        turns,
        mergeShards(failsOn(0), {
          onShardError: 'restart',
          onEvent: ({ kind }) => {
            kinds.push(kind);
            subscription.unsubscribe();
          },
        }),
      )
      .subscribe();
    source.next(0);
    expect(kinds).toEqual(['shard-error']);
    expect(source.observed).toBe(false);
  });
});

describe('a pipeline that completes early', () => {
  it('H54: is told, and leaves orphans', () => {
    const { send, log, told, events, source } = run(
      (shard) => shard.pipe(take(1)),
      {},
      { shards: 1 },
    );
    send(0, 1, 2);
    source.complete();
    expect(log).toEqual([0, '|']);
    expect(told()).toEqual(['shard-complete of 0', 'orphaned 1', 'orphaned 2']);
    expect(events[0]).toMatchObject({ isEarly: true });
  });

  it('is gone round', () => {
    const { send, log, source } = run((shard) => (shard.index === 0 ? shard.pipe(take(1)) : shard));
    send(0, 1, 2, 3, 4);
    source.complete();
    expect(log).toEqual([0, 1, 2, 3, 4, '|']);
  });

  it('is not waited for', () => {
    const { work, end } = desk();
    const { send, log } = run<string | number>(
      (shard) =>
        shard.index === 0
          ? shard.pipe(delay(0, new VirtualClock()), take(0))
          : shard.pipe(concatMap(work)),
      { order: 'source' },
    );
    send(0, 1);
    end(0, 'a');
    expect(log).toEqual(['a']);
  });
});
