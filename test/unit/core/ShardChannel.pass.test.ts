import { describe, expect, it } from 'vitest';
import type { ShardChannel } from '../../../src/core/ShardChannel.js';
import { isCollected } from '../../support/garbage.js';
import { make } from '../../support/shardChannelRig.js';
import { takeAll } from '../../support/takeAll.js';

type During = (channel: ShardChannel<string>, message: string) => void;

/** A channel with one plain receiver, which does `during` with every message. */
function makePlain(during: During = () => undefined) {
  const rig = make();
  const { channel } = rig;
  const log: unknown[] = [];
  channel.subscribe({
    ...takeAll(log),
    isPlain: true,
    take: (message) => {
      log.push(message);
      during(channel, message);
    },
  });
  const load = { index: 1, count: 5, release: () => undefined };
  let ticket = 100;
  const pass = (message: string): boolean => channel.pass(ticket++, message, 'key', load);
  const left = (): string[] => [...channel.parcels()].map(({ message }) => message);
  return { ...rig, log, load, pass, left };
}

describe('a message that passes a ShardChannel', () => {
  it('is done when it was handed over, if nobody tracks it', () => {
    const seen: unknown[] = [];
    const { channel, load, log, pass, left } = makePlain(({ pending }) => seen.push(pending));
    expect([pass('a'), pass('b')]).toEqual([true, true]);
    expect([log, seen]).toEqual([
      ['a', 'b'],
      [1, 1],
    ]);
    expect([channel.pending, left(), load.count]).toEqual([0, [], 3]);
  });

  it('is done then if somebody asked for it, too', () => {
    const seen: unknown[] = [];
    const { channel, pass, left } = makePlain((_, message) => {
      seen.push([channel.oldestInFlight?.message, message]);
    });
    pass('a');
    pass('b');
    expect([seen, channel.pending, left()]).toEqual([
      [
        ['a', 'a'],
        ['b', 'b'],
      ],
      0,
      [],
    ]);
  });

  it('is not told of where it is answered at once', () => {
    const answers: unknown[] = [];
    const { channel, load, track, pass, left } = makePlain(() => {
      const { pending } = channel;
      const answer = channel.answer();
      answers.push([answer?.ticket, answer?.turn, pending, channel.pending, channel.answer()]);
    });
    const heard = track();
    pass('a');
    pass('b');
    expect(answers).toEqual([
      [100, undefined, 1, 0, undefined],
      [101, undefined, 1, 0, undefined],
    ]);
    expect([heard, left(), load.count]).toEqual([[], [], 3]);
  });

  it('is listed where it is not answered at once', () => {
    const { channel, track, pass, left } = makePlain();
    const heard = track();
    expect([pass('a'), channel.pending]).toEqual([true, 1]);
    expect(heard).toEqual(['accepted a']);
    expect(channel.oldestInFlight).toMatchObject({ message: 'a', key: 'key', isHanded: true });
    expect(pass('b')).toBe(false);
    channel.answer();
    expect([pass('c'), left(), channel.pending]).toEqual([true, ['c'], 1]);
  });

  it('passes on its own once another was listed', () => {
    const { channel, track, pass, left } = makePlain((_, message) => {
      if (message !== 'b') channel.answer();
    });
    track();
    pass('a');
    pass('b');
    const b = channel.oldestInFlight;
    channel.answer();
    pass('c');
    expect([b?.message, b?.ticket, b?.isOver, left()]).toEqual(['b', 101, true, []]);
  });

  it('is listed as soon as it is asked for', () => {
    const heardThen: string[][] = [];
    const { channel, track, pass } = makePlain(() => {
      expect(channel.oldestInFlight?.message).toBe('a');
      heardThen.push([...heard]);
      expect(channel.answer()?.message).toBe('a');
    });
    const heard = track();
    pass('a');
    expect([heardThen, heard, channel.pending]).toEqual([[['accepted a']], ['accepted a'], 0]);
  });

  it('is before those that are accepted meanwhile', () => {
    const { channel, accept, track, log, pass, left } = makePlain((_, message) => {
      if (message === 'a') accept('b');
    });
    const heard = track();
    pass('a');
    expect(heard).toEqual(['accepted a', 'accepted b']);
    expect([log, left(), channel.pending]).toEqual([['a', 'b'], ['a', 'b'], 2]);
  });

  it('is orphaned if the channel closes meanwhile', () => {
    const { channel, track, reports, pass } = makePlain(() => {
      channel.close();
    });
    const heard = track();
    pass('a');
    expect([reports, heard, channel.pending]).toEqual([
      ['orphaned a 1'],
      ['accepted a', 'dropped a'],
      0,
    ]);
  });

  it('is handed over again if everything is meanwhile', () => {
    let rewinds = 0;
    const { channel, track, log, pass } = makePlain(() => {
      rewinds += 1;
      if (rewinds === 1) channel.rewind();
    });
    track();
    pass('a');
    expect([log, channel.pending]).toEqual([['a', 'a'], 1]);
  });

  it('has the end come after it', () => {
    const { channel, log, pass } = makePlain(() => {
      channel.complete();
      log.push('then');
    });
    pass('a');
    expect(log).toEqual(['a', 'then', '|']);
  });

  it('is listed if taking it throws, and others can follow', () => {
    const { channel, accept, track, log, pass, left } = makePlain((_, message) => {
      if (message === 'a') throw new Error('no');
    });
    track();
    expect(() => pass('a')).toThrow('no');
    expect(left()).toEqual(['a']);
    accept('b');
    expect([log, channel.pending]).toEqual([['a', 'b'], 2]);
  });

  it('is not kept', async () => {
    const { channel } = make();
    channel.subscribe({ ...takeAll([]), isPlain: true, take: () => undefined });
    const message = (() => {
      const object = {};
      (channel as ShardChannel<unknown>).pass(0, object, undefined, undefined);
      return new WeakRef(object);
    })();
    expect(await isCollected(message)).toBe(true);
    expect(channel.pending).toBe(0);
  });
});

describe('a ShardChannel lets no message pass', () => {
  it('while nobody is there, or more than one is', () => {
    const { channel, pass } = makePlain();
    channel.subscribe(takeAll([]));
    expect([pass('a'), make().channel.pass(0, 'a', 0, undefined)]).toEqual([false, false]);
  });

  it('while its receiver wants parcels', () => {
    const { channel, accept } = make();
    channel.subscribe(takeAll([]));
    expect(channel.pass(0, 'a', 0, undefined)).toBe(false);
    accept('a');
    expect(channel.pending).toBe(0);
  });

  it('while it hands nothing over', () => {
    const { channel, log, pass } = makePlain();
    channel.hold();
    expect([pass('a'), log, channel.pending]).toEqual([false, [], 0]);
    channel.release();
    expect(pass('a')).toBe(true);
  });

  it('while it hands one over', () => {
    const passed: boolean[] = [];
    const { pass } = makePlain((_, message) => {
      if (message === 'a') passed.push(pass('b'));
    });
    pass('a');
    expect(passed).toEqual([false]);
  });

  it('while others have to be before it', () => {
    const { channel, pass } = makePlain();
    const line = { isClear: false };
    channel.tracker = { line, accepted: () => undefined, dropped: () => undefined };
    expect([pass('a'), channel.pending]).toEqual([false, 0]);
    line.isClear = true;
    expect(pass('a')).toBe(true);
  });
});
