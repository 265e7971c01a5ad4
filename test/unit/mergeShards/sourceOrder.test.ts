/** Results in the order in which their messages entered the split. */
import { bufferCount, concatMap, NEVER, startWith, Subject } from 'rxjs';
import { eachMessage, mergeShards } from 'rxjs-reliable';
import { VirtualClock } from 'rxjs-reliable/testing';
import { describe, expect, it } from 'vitest';
import { run, desk, turns } from '../../support/mergeRig.js';

describe('source order', () => {
  it('holds results until all before them have left', () => {
    const { work, end } = desk();
    const { send, log } = run((shard) => shard.pipe(concatMap(work)), { order: 'source' });
    send(0, 1, 2, 3);
    end(1, 'b');
    end(3, 'd');
    expect(log).toEqual([]);
    end(0, 'a');
    expect(log).toEqual(['a', 'b']);
    end(2, 'c');
    expect(log).toEqual(['a', 'b', 'c', 'd']);
  });

  it('does not wait for a shard without work', () => {
    const { send, log } = run<number>(
      (shard) => (shard.index === 0 ? NEVER : shard),
      { order: 'source' },
      {
        shards: 2,
      },
    );
    expect(log).toEqual([]);
    // Goes to shard 0, and stays there.
    send(0);
    send(1);
    expect(log).toEqual([]);
    const other = run((shard) => shard, { order: 'source' }, { shards: 8 });
    other.send(0, 1);
    expect(other.log).toEqual([0, 1]);
  });

  it('lets results of the first message through while it is worked on', () => {
    const { work, answer, end } = desk();
    const { send, log } = run(eachMessage(work), { order: 'source' });
    send(0, 1);
    end(1, 'b1', 'b2');
    answer(0, 'a1');
    expect(log).toEqual(['a1']);
    answer(0, 'a2');
    end(0);
    expect(log).toEqual(['a1', 'a2', 'b1', 'b2']);
  });

  it('does not wait for messages that have no result', () => {
    const { work, end } = desk();
    const { send, log } = run(eachMessage(work), { order: 'source' });
    send(0, 1, 2, 3);
    end(1, 'b');
    end(0);
    expect(log).toEqual(['b']);
    end(2);
    end(3, 'd');
    expect(log).toEqual(['b', 'd']);
  });

  it('keeps the order of messages that one shard works on together', () => {
    const { work, end } = desk();
    const { send, log } = run(
      eachMessage(work, { concurrency: 3 }),
      { order: 'source' },
      { shards: 1 },
    );
    send(0, 1, 2);
    end(2, 'c');
    end(1, 'b');
    end(0, 'a');
    expect(log).toEqual(['a', 'b', 'c']);
  });

  it('lets results pass that belong to no message', () => {
    const { log } = run((shard) => shard.pipe(startWith(-1)), { order: 'source' });
    expect(log).toEqual([-1, -1]);
  });

  it('keeps extra results behind those of their shard', () => {
    const { work, answer, end } = desk();
    const { send, log } = run((shard) => shard.pipe(concatMap(work)), { order: 'source' });
    send(0, 1);
    answer(1, 'b1', 'b2');
    expect(log).toEqual([]);
    end(0, 'a');
    expect(log).toEqual(['a', 'b1', 'b2']);
  });

  it('counts results of batches one by one', () => {
    const { send, log } = run(
      (shard) =>
        shard.pipe(
          bufferCount(2),
          concatMap((batch) => batch),
        ),
      { order: 'source' },
    );
    send(0, 1, 2, 3);
    expect(log).toEqual([0, 1, 2, 3]);
  });

  it('goes on without a message that was dropped', () => {
    const { work, end, open } = desk();
    const { send, log, told } = run(
      eachMessage(work),
      { order: 'source' },
      { shards: 1, maxPending: 2, overflowPolicy: 'drop-oldest' },
    );
    send(0, 1, 2);
    expect(told()).toEqual(['overflow 1']);
    end(0, 'a');
    end(2, 'c');
    expect(open.has(1)).toBe(false);
    expect(log).toEqual(['a', 'c']);
  });

  it('gives up waiting when it holds too much, and drops what comes late', () => {
    const { work, end } = desk();
    const { send, log, told } = run(eachMessage(work), { order: 'source', maxBuffer: 2 });
    send(0, 1, 2, 3, 5, 7);
    end(1, 'b');
    const twice = ['d1', 'd2'];
    end(5, ...twice);
    expect(log).toEqual([]);
    expect(told()).toEqual([]);
    end(0, 'a');
    expect(log).toEqual(['a', 'b']);
  });

  it('emits late results where that is wanted', () => {
    for (const latePolicy of ['drop', 'emit'] as const) {
      const { work, end } = desk();
      const { send, log, told } = run(
        eachMessage(work, { concurrency: 9 }),
        { order: 'source', maxBuffer: 2, latePolicy },
        { shards: 3 },
      );
      send(0, 1, 2, 3);
      end(1, 'b1', 'b2', 'b3');
      expect(log).toEqual(['b1', 'b2', 'b3']);
      end(0, 'a');
      end(2, 'c');
      expect(log.slice(3)).toEqual(latePolicy === 'emit' ? ['a', 'c'] : ['c']);
      expect(told()).toEqual(['overflow b3', 'late a']);
    }
  });

  it('needs no timer', () => {
    const scheduler = new VirtualClock();
    const { send } = run((shard) => shard.pipe(concatMap(() => NEVER)), {
      order: 'source',
      scheduler,
    });
    send(0, 1, 2);
    expect(scheduler.pending).toBe(0);
  });

  it('keeps the order of what a consumer sends from inside next', () => {
    const source = new Subject<number>();
    const out: number[] = [];
    source
      .pipe(
        turns,
        mergeShards((shard) => shard, { order: 'source' }),
      )
      .subscribe((n) => {
        out.push(n);
        if (n < 100) {
          source.next(2 * n + 100);
          source.next(2 * n + 101);
        }
      });
    source.next(1);
    source.next(2);
    expect(out).toEqual([1, 102, 103, 2, 104, 105]);
  });
});
