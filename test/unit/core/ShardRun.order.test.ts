import { describe, expect, it } from 'vitest';
import { attachAnswers } from '../../../src/core/Answer.js';
import type { ResultOrder } from '../../../src/core/ResultOrder.js';
import { Turn } from '../../../src/core/Turn.js';
import { make } from '../../support/orderedRunRig.js';

describe('ShardRun and the order of results', () => {
  it('gives every message its turn, those that were there before too', () => {
    const { accept, take } = make({ before: ['a', 'b'] });
    expect(take()).toEqual(['accepted 0', 'accepted 1']);
    accept('c');
    expect(take()).toEqual(['accepted 2']);
  });

  it('settles what is due, then has a result take the turn of its message, which is over', () => {
    const { run, accept, take } = make();
    accept('a');
    accept('b');
    take();
    run.next('x');
    run.next('y');
    expect(take()).toEqual([
      'settle',
      'x of 0 in 3 at 7',
      'finish 0',
      'settle',
      'y of 1 in 3 at 7',
      'finish 1',
    ]);
    // Of a further one nobody knows; it goes with the last.
    run.next('z');
    expect(take()).toEqual(['settle', 'z of 1 in 3 at 7']);
  });

  it('has answers say whose turn it is, and when it is over', () => {
    const { run, accept, take, channel } = make({}, attachAnswers({}, {}));
    accept('a');
    const b = accept('b');
    take();
    run.next({ parcel: b, value: 'x', isResult: true, isEnd: false });
    run.next({ parcel: b, value: undefined, isResult: false, isEnd: true });
    expect(take()).toEqual(['settle', 'x of 1 in 3 at 7', 'settle', 'finish 1']);
    expect(channel.pending).toBe(1);
  });

  it('has failed work skip its turn, with a report, while the pipeline goes on', () => {
    const { run, accept, take, events } = make({}, attachAnswers({}, {}));
    const a = accept('a');
    take();
    const failure = { error: 'bad' };
    run.next({ parcel: a, value: undefined, isResult: false, isEnd: true, failure });
    expect(take()).toEqual(['settle', 'failed 0', 'dead-letter', 'finish 0']);
    expect(events).toEqual([
      { kind: 'dead-letter', message: 'a', error: 'bad', shard: 3, key: undefined, passed: false },
    ]);
    // It is over: to be told again changes nothing but the turn.
    run.next({ parcel: a, value: undefined, isResult: false, isEnd: true, failure });
    expect(take()).toEqual(['settle', 'finish 0']);
  });

  it('has a message that is dropped miss its turn', () => {
    const { accept, take, channel, receiver } = make();
    receiver.isReady = false;
    accept('a');
    take();
    channel.dropOldest();
    expect(take()).toEqual(['overflow a', 'enter', 'finish 0']);
  });

  it('drops a shard: everything of it is over, and it is closed', () => {
    const { run, accept, take, events } = make();
    accept('a');
    accept('b');
    take();
    run.error('broken');
    expect(take()).toEqual([
      'settle',
      'shard-error',
      'failed 0',
      'dead-letter',
      'finish 0',
      'orphaned b',
      'finish 1',
      'close 3 at 7',
      'over',
    ]);
    expect(events[0]).toEqual({
      kind: 'shard-error',
      shard: 3,
      error: 'broken',
      action: 'drop',
      key: undefined,
    });
    run.discard();
    expect(take()).toEqual([]);
  });

  it('restarts a shard: what is left begins its turn again', () => {
    const { run, accept, take, events } = make({ onShardError: 'restart' });
    for (const message of ['a', 'b', 'c']) accept(message);
    take();
    run.error('broken');
    expect(take()).toEqual([
      'settle',
      'shard-error',
      'failed 0',
      'dead-letter',
      'finish 0',
      'shard-restart',
      'restart 1',
      'restart 2',
    ]);
    run.error('broken');
    expect(events.filter(({ kind }) => kind === 'shard-restart')).toEqual([
      { kind: 'shard-restart', shard: 3, restarts: 1, key: undefined },
      { kind: 'shard-restart', shard: 3, restarts: 2, key: undefined },
    ]);
  });

  it.each(['drop', 'fail'] as const)("does not count restarts with '%s'", (onShardError) => {
    const { run, accept, events } = make({ onShardError, maxRestarts: 0 });
    accept('a');
    run.error('broken');
    expect(events[0]).toMatchObject({ kind: 'shard-error', action: onShardError });
  });

  it('goes no further once the report of an error closed the output', () => {
    const { run, accept, take } = make({ closesAt: 'dead-letter' });
    accept('a');
    take();
    run.error('broken');
    expect(take()).toEqual(['settle', 'shard-error', 'failed 0', 'dead-letter', 'finish 0']);
    const again = make({ onShardError: 'restart', closesAt: 'shard-restart' });
    again.accept('a');
    again.accept('b');
    again.take();
    again.run.error('broken');
    expect(again.take().at(-1)).toBe('shard-restart');
  });

  it('closes its order when shard and pipeline complete, whatever had no result', () => {
    const { run, accept, take, events, channel } = make();
    accept('a');
    accept('b');
    channel.complete();
    take();
    run.complete();
    expect(take()).toEqual([
      'settle',
      'shard-complete',
      'finish 0',
      'finish 1',
      'close 3 at 7',
      'over',
    ]);
    expect(events).toEqual([{ kind: 'shard-complete', shard: 3, isEarly: false, key: undefined }]);
  });

  it('is in time where answers have said that everything is done', () => {
    const { run, accept, events, channel } = make({}, attachAnswers({}, {}));
    const a = accept('a');
    channel.complete();
    run.next({ parcel: a, value: undefined, isResult: false, isEnd: true });
    run.complete();
    expect(events).toMatchObject([{ kind: 'shard-complete', isEarly: false }]);
  });

  it('is early while messages wait to be handed over, and where the source goes on', () => {
    const { run, accept, events, channel, receiver } = make();
    receiver.isReady = false;
    accept('a');
    channel.complete();
    run.complete();
    const going = make();
    going.run.complete();
    for (const told of [events, going.events]) {
      expect(told[0]).toMatchObject({ kind: 'shard-complete', isEarly: true });
    }
  });

  it('is deaf when nobody listens any more', () => {
    const { run, accept, take, receiver } = make();
    accept('a');
    receiver.isReady = false;
    accept('b');
    run.leave();
    take();
    run.next('x');
    // What was not handed over is still the shard's.
    run.discard();
    expect(take()).toEqual(['settle']);
  });

  it('needs nobody to listen to events', () => {
    const { run, accept, take } = make({ isReporting: false, onShardError: 'restart' });
    for (const message of ['a', 'b']) accept(message);
    take();
    run.error('broken');
    expect(take()).toEqual(['settle', 'failed 0', 'finish 0', 'restart 1']);
    run.complete();
    expect(take().at(-1)).toBe('over');
  });

  it('needs no order that takes turns', () => {
    const log: string[] = [];
    const order: ResultOrder<string> = {
      deadlineMs: Infinity,
      isClear: false,
      settle: () => undefined,
      open: () => undefined,
      result: (value) => log.push(value),
      close: () => log.push('close'),
      discard: () => undefined,
    };
    const { run, accept } = make({ order, onShardError: 'restart', before: ['a'] });
    for (const message of ['b', 'c']) accept(message).turn = new Turn(0);
    run.next('x');
    run.error('broken');
    run.complete();
    expect(log).toEqual(['x', 'close']);
  });

  it('tells an order of no turns but those it gave', () => {
    const log: unknown[] = [];
    const order: ResultOrder<string> = {
      deadlineMs: Infinity,
      isClear: false,
      settle: () => undefined,
      open: () => undefined,
      result: (value, _shard, turn) => log.push(value, turn),
      finish: (turn) => log.push('finish', turn),
      failed: (turn) => log.push('failed', turn),
      restart: (turn) => log.push('restart', turn),
      close: () => log.push('close'),
      discard: () => undefined,
    };
    const { run } = make({ order, onShardError: 'restart', before: ['a', 'b', 'c'] });
    run.next('x');
    run.error('broken');
    run.complete();
    expect(log).toEqual(['x', undefined, 'close']);
  });
});
