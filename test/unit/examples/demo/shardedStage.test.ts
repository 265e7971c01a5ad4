import { from, NEVER, type Observable, of, throwError } from 'rxjs';
import { eachMessage } from 'rxjs-reliable';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { audit } from '../../../../examples/demo/audit.js';
import { Ledger } from '../../../../examples/demo/ledger.js';
import { Losses } from '../../../../examples/demo/losses.js';
import { checksumOf, type Message } from '../../../../examples/demo/message.js';
import { readSettings, type Settings } from '../../../../examples/demo/settings.js';
import { shardedStage } from '../../../../examples/demo/shardedStage.js';
import { type ShardPipeline, shardPipeline } from '../../../../examples/demo/shardPipeline.js';
import { ShardTally } from '../../../../examples/demo/shardTally.js';
import { orderFor } from '../../../../examples/demo/spoil.js';
import { messageOf } from './messageOf.js';

const sent = 500;
const messages = Array.from({ length: sent }, (_, at) => messageOf(at + 1));
const sender = { sent, checksums: Uint32Array.from(messages, checksumOf) };

const settingsOf = (...flags: readonly string[]): Settings => {
  const settings = readSettings(['--seed', '1', ...flags]);
  if (settings === 'help') throw new Error('no run');
  return settings;
};

/** Works by the settings of the demo, or as it is told. */
function run(
  settings: Settings,
  work?: (message: Message) => Observable<Message>,
  maxPending?: number,
) {
  const losses = new Losses();
  const tally = new ShardTally(losses);
  const ledger = new Ledger();
  const pipeline: ShardPipeline = work ? eachMessage(work) : shardPipeline(settings, tally);
  const options = { shards: settings.shards, order: orderFor(settings.sabotage), maxPending };
  from(messages)
    .pipe(shardedStage(options, pipeline, tally))
    .subscribe(ledger.deliver);
  const result = () => ({
    tally,
    ...audit(sender, {
      delivery: ledger.numbers,
      checksums: ledger.checksums,
      losses: losses.ranges,
      received: sent,
      answered: 0,
      duplicates: 0,
      late: 0,
      refused: 0,
      droppedByShards: tally.dropped,
    }),
  });
  return { tally, result };
}

/** The same, once all work is done. */
function finish(...args: Parameters<typeof run>) {
  const { result } = run(...args);
  vi.runAllTimers();
  return result();
}

const failures = ({ checks }: ReturnType<typeof finish>): string[] =>
  checks.filter((check) => !check.holds).map((check) => check.claim);

describe('shardedStage', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('shares the work, and delivers in the order of the source', () => {
    const done = finish(settingsOf());
    const { shards, ...rest } = done.tally.report;
    expect(failures(done)).toEqual([]);
    expect(done.delivered).toBe(sent);
    expect(shards.map(({ messages: count }) => count > sent / 8)).toEqual([true, true, true, true]);
    expect(shards.reduce((sum, { messages: count }) => sum + count, 0)).toBe(sent);
    expect(rest).toMatchObject({ restarts: 0, deadLetters: 0 });
    expect(rest.mostResultsHeld).toBeGreaterThan(0);
  });

  it('knows how much each shard has to do', () => {
    const { tally, result } = run(settingsOf('--shards', '2'));
    const pending = tally.pending;
    expect(
      pending.reduce((sum, one) => sum + one, 0) + tally.resultsHeld + result().delivered,
    ).toBe(sent);
    vi.runAllTimers();
    expect(tally.pending).toEqual([0, 0]);
    expect(tally.resultsHeld).toBe(0);
    expect(tally.report.shards.map(({ mostPending }) => mostPending)).toEqual(pending);
  });

  it('reports a message lost whose work fails', () => {
    const done = finish(settingsOf(), (message) =>
      message.seq === 100 ? throwError(() => new Error('poison')) : of(message),
    );
    expect(failures(done)).toEqual([]);
    expect(done).toMatchObject({ delivered: sent - 1, lost: 1 });
    expect(done.tally.report).toMatchObject({ restarts: 1, deadLetters: 1 });
  });

  it('reports messages lost whose shard is given up', () => {
    const done = finish(settingsOf('--shards', '1'), (message) =>
      message.seq >= 100 ? throwError(() => new Error('poison')) : of(message),
    );
    expect(failures(done)).toEqual([]);
    expect(done).toMatchObject({ delivered: 99, lost: sent - 99 });
    expect(done.tally.report).toMatchObject({ restarts: 3, deadLetters: 4 });
  });

  it('reports messages lost that do not fit', () => {
    const done = run(settingsOf(), () => NEVER, 10).result();
    expect(done.tally.dropped).toBe(sent - 40);
    expect(done.lost).toBe(sent - 40);
  });

  it.each([
    ['drop-in-shard', 'every number was delivered or reported lost: 1 vanished silently'],
    ['unordered-shards', expect.stringMatching(/^in order: \d+ behind a greater number$/)],
  ])('is found out when it does wrong: %s', (sabotage, fault) => {
    expect(failures(finish(settingsOf('--sabotage', sabotage)))).toContainEqual(fault);
  });

  it('leaves no timer', () => {
    finish(settingsOf());
    expect(vi.getTimerCount()).toBe(0);
  });
});
