/** slaTimeout against a replay of all arrivals at every instant, and against itself on streams changed so that nothing should change. */
import * as fc from 'fast-check';
import { type ControlScript, controlScript } from 'rxjs-reliable/testing';
import { describe, expect, it } from 'vitest';
import { checkerOf } from './support/check.js';
import { runTimed, type TimedEntry, type TimedRun } from './support/runTimed.js';
import { effort } from './support/seed.js';
import {
  dayMs,
  from1,
  messagesOf,
  policies,
  relaxed,
  rulesOf,
  scripts,
  shapes,
  sound,
  upTo,
} from './support/slaCases.js';
import { expectedSlaLog, type SlaMessage } from './support/slaOracle.js';
import {
  breachesOf,
  type Event,
  eventsOf,
  expectEqual,
  expectNothingLeft,
  isMark,
  plainLog,
  run,
  streamOf,
} from './support/slaRuns.js';

const checker = checkerOf('slaTimeout');

/** What happened in the streams of the oracle, and how often. */
const seen = new Map<string, number>();

describe('slaTimeout', () => {
  it.each(policies)('is what a replay of all arrivals says (%s)', (policy) => {
    const args = [scripts, controlScript({ maxMs: 2_000 }), rulesOf(policy), shapes] as const;
    checker.check(`oracle: ${policy}`, 2_500, [...args], (records, control, drawn, shape) => {
      const rules = sound(drawn);
      const { isMessageFirst, startMs } = shape;
      const script = { arrivals: messagesOf(records, shape), control, startMs, isMessageFirst };
      const result = run(rules, script);
      for (const one of [result, result.again ?? result]) {
        const expected = expectedSlaLog(rules, script, startMs + one.beganMs);
        expectEqual(plainLog(one, startMs), expected);
        expectNothingLeft(one);
        for (const event of eventsOf(expected)) count(event);
      }
      const subscriptions = result.again === undefined ? 1 : 2;
      const wakeUps = 128 * (script.arrivals.length + 8) * subscriptions;
      expect(result.clock.scheduled).toBeLessThanOrEqual(wakeUps);
    });
  });

  it('met everything that can happen, often', () => {
    const limits = ['first', 'silence', 'total', 'response', 'transaction'];
    const kinds = ['objective-missed', 'objective-met', 'invalid type'];
    kinds.push('invalid started-twice', 'invalid not-started', 'abandoned silence overflow');
    kinds.push('abandoned transaction overflow', 'abandoned transaction completed');
    kinds.push('abandoned transaction error', 'abandoned transaction switched');
    for (const limit of limits) kinds.push(`breach ${limit}`, `warning ${limit}`);
    for (const limit of ['first', 'silence', 'total', 'transaction']) {
      kinds.push(`recovered ${limit}`);
    }
    const often = 4 * Math.min(effort, 1);
    expect(kinds.filter((kind) => (seen.get(kind) ?? 0) < often)).toEqual([]);
  });

  it('leaves the stream as it is: same messages, same times, same end', () => {
    const args = [scripts, controlScript({ maxMs: 2_000 }), rulesOf('report'), shapes] as const;
    checker.check('identity', 1_000, [...args], (records, control, drawn, shape) => {
      const rules = { ...sound(drawn), markers: false };
      const script = { arrivals: messagesOf(records, shape), control, startMs: shape.startMs };
      const actual = run(rules, script);
      const bare = runTimed<SlaMessage>(() => (source) => source, script);
      for (const [one, other] of [
        [actual, bare],
        [actual.again, bare.again],
      ] as const) {
        const [ours, theirs] = [streamOf(one?.log ?? []), streamOf(other?.log ?? [])];
        expectEqual(ours, theirs);
        const valuesOf = (log: TimedEntry[]): unknown[] =>
          log.map((entry) => (entry.kind === 'next' ? entry.value : undefined));
        expect(valuesOf(ours).every((value, at) => value === valuesOf(theirs)[at])).toBe(true);
      }
    });
  });

  it('breaks no more guarantees when they are weaker', () => {
    const args = [scripts, controlScript({ maxMs: 2_000 }), rulesOf('report'), shapes] as const;
    checker.check(
      'monotone',
      1_500,
      [...args, from1(100)],
      (records, control, drawn, shape, by) => {
        const rules = { ...sound(drawn), maxKeys: 10_000 };
        const script = { arrivals: messagesOf(records, shape), control };
        const weaker = breachesOf(run(relaxed(rules, by), script).log, by);
        const stronger = new Set(breachesOf(run(rules, script).log, 0));
        expect(weaker.filter((breach) => !stronger.has(breach))).toEqual([]);
      },
    );
  });

  it('does not care what keys and transactions are called', () => {
    const args = [scripts, controlScript({ maxMs: 2_000 }), rulesOf('report'), shapes] as const;
    checker.check('renaming', 1_000, [...args, upTo(50)], (records, control, drawn, shape, by) => {
      const rules = sound(drawn);
      const arrivals = messagesOf(records, shape);
      const rename = (name: number | null): number | null => (name === null ? null : by - name * 7);
      const renamed = arrivals.map(({ atMs, message }) => {
        const { finishes, key, starts } = message;
        const names = { key: by - key * 7, starts: rename(starts), finishes: rename(finishes) };
        return { atMs, message: { ...message, ...names } };
      });
      const back = new Map(renamed.map(({ message }, at) => [message, arrivals[at]?.message]));
      const original = plainLog(run(rules, { arrivals, control }), 0);
      const other = plainLog(run(rules, { arrivals: renamed, control }), 0);
      const unnamed = (value: unknown): unknown => {
        if (typeof value !== 'object' || value === null) return value;
        const known = back.get(value as SlaMessage);
        if (known !== undefined) return known;
        const { key, message, transaction } = value as Record<string, unknown>;
        return {
          ...value,
          ...('key' in value ? { key: typeof key === 'number' ? (by - key) / 7 : key } : {}),
          ...('transaction' in value && typeof transaction === 'number'
            ? { transaction: (by - transaction) / 7 }
            : {}),
          ...('message' in value ? { message: unnamed(message) } : {}),
        };
      };
      const restored = other.map((entry) => {
        if (entry.kind === 'next') return { ...entry, value: unnamed(entry.value) };
        return entry.kind === 'event' ? { ...entry, event: unnamed(entry.event) } : entry;
      });
      expectEqual(restored, original);
    });
  });

  it('does the same at any other time', () => {
    const args = [scripts, controlScript({ maxMs: 2_000 }), shapes] as const;
    const rules = fc.oneof(...policies.map(rulesOf));
    const days = fc.integer({ min: -1_000, max: 30_000 });
    checker.check('time shift', 1_000, [...args, rules, days], (...drawn) => {
      const [records, control, shape, drawnRules, shift] = drawn;
      const script = { arrivals: messagesOf(records, shape), control };
      const startMs = shift * dayMs;
      const shifted = plainLog(run(sound(drawnRules), { ...script, startMs }), startMs);
      expectEqual(shifted, plainLog(run(sound(drawnRules), { ...script, startMs: 0 }), 0));
    });
  });

  it('says the same, only later, when timers are late', () => {
    const late = fc.oneof(from1(100), from1(8 * 3_600_000));
    const args = [scripts, rulesOf('report'), shapes, fc.boolean(), late] as const;
    checker.check('late timers', 1_000, [...args], (records, drawn, shape, isFailing, lateMs) => {
      const rules = sound(drawn);
      const control: ControlScript = {
        end: isFailing ? 'error' : 'complete',
        endAtMs: 2_000,
        unsubscribeAtMs: null,
        resubscribe: false,
      };
      const script = { arrivals: messagesOf(records, shape), control, startMs: shape.startMs };
      const saidBy = (result: TimedRun<SlaMessage>): unknown[] =>
        plainLog(result, shape.startMs).map((entry) => ({ ...entry, atMs: undefined }));
      const result = run(rules, { ...script, timersLateMs: lateMs });
      expectEqual(saidBy(result), saidBy(run(rules, script)));
      expectNothingLeft(result);
    });
  });

  it('is not moved by a clock that is set back', () => {
    const steps = fc.array(fc.record({ atMs: upTo(1_500), stepMs: upTo(5_000) }), { maxLength: 4 });
    const args = [scripts, rulesOf('report'), shapes, steps] as const;
    checker.check('clock set back', 1_000, [...args], (records, drawn, shape, drawnSteps) => {
      // With a limit of 0 ms there may be several breaches at one instant.
      const rules = relaxed({ ...drawn, responseMs: null, silenceMs: drawn.silenceMs ?? 100 }, 1);
      const script = { arrivals: messagesOf(records, shape) };
      const stepsBack = [...drawnSteps].sort((one, other) => one.atMs - other.atMs);
      const result = run(rules, { ...script, stepsBack });
      // Nothing is told twice, whatever else happens to deadlines while the clock is wrong.
      const told = eventsOf(result.log)
        .filter((event) => event.kind === 'breach')
        .map(({ deadlineMs, key, limit, transaction }) =>
          JSON.stringify([limit, key, transaction, deadlineMs]),
        );
      expect(new Set(told).size).toBe(told.length);
      expectEqual(
        streamOf(result.log).filter(({ kind, ...entry }) => !(kind === 'next' && isMark(entry))),
        streamOf(run(rules, script).log).filter(
          ({ kind, ...entry }) => !(kind === 'next' && isMark(entry)),
        ),
      );
      expectNothingLeft(result);
    });
  });

  it('has a property for every stored case', () => {
    expect(checker.stored.filter((property) => !checker.names.has(property))).toEqual([]);
  });
});

function count(event: Event): void {
  const limit = 'limit' in event ? ` ${event.limit}` : '';
  const reason = 'reason' in event ? ` ${event.reason}` : '';
  const name = `${event.kind}${limit}${reason}`;
  seen.set(name, (seen.get(name) ?? 0) + 1);
}
