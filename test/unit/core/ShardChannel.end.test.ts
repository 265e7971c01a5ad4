import { describe, expect, it } from 'vitest';
import { make } from '../../support/shardChannelRig.js';
import { takeAll } from '../../support/takeAll.js';

describe('ShardChannel', () => {
  it('is closed where nobody tracks it, too', () => {
    const { channel, accept, reports } = make();
    accept('a');
    channel.close();
    expect(reports).toEqual(['orphaned a 1']);
  });

  it('reports what it has when it is closed, and has nothing then', () => {
    const { channel, accept, reports, loads, track } = make();
    const heard = track();
    accept('a');
    accept('b');
    channel.close();
    channel.close();
    expect(reports).toEqual(['orphaned a 1', 'orphaned b 1']);
    expect(heard.slice(2)).toEqual(['dropped a', 'dropped b']);
    expect([channel.isClosed, channel.pending, loads]).toEqual([true, 0, [0, Infinity]]);
  });

  it('completes when everything is handed over', () => {
    const { channel, accept } = make();
    accept('a');
    channel.complete();
    expect(channel.isDrained).toBe(false);
    const log: unknown[] = [];
    channel.subscribe(takeAll(log));
    expect(log).toEqual(['a', '|']);
    expect(channel.isDrained).toBe(true);
    channel.stop();
    channel.subscribe(takeAll(log));
    expect(log).toEqual(['a', '|', '|']);
  });

  it('forgets everything when stopped', () => {
    const { channel, accept, reports } = make();
    const log: unknown[] = [];
    accept('a');
    channel.stop();
    channel.subscribe(takeAll(log));
    expect([log, reports, channel.pending]).toEqual([[], [], 0]);
  });

  it('tells all receivers of a failure, late ones too', () => {
    const { channel, accept } = make();
    const log: unknown[] = [];
    accept('a');
    channel.fail('broken');
    channel.fail('again');
    channel.subscribe(takeAll(log));
    expect(log).toEqual(['broken']);
  });

  it('keeps what waits where it is stopped after completion', () => {
    const { channel, accept } = make();
    accept('a');
    channel.complete();
    channel.stop();
    const log: unknown[] = [];
    channel.subscribe(takeAll(log));
    expect(log).toEqual(['a', '|']);
  });

  it('hands what comes after it was stopped to whoever comes then', () => {
    const { channel, accept } = make();
    const [before, after]: unknown[][] = [[], []];
    channel.subscribe(takeAll(before ?? []));
    channel.stop();
    channel.subscribe(takeAll(after ?? []));
    accept('a');
    expect([before, after]).toEqual([[], ['a']]);
  });
});
