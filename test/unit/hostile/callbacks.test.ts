/** Callbacks of all kinds that throw or fail later, and consumers that leave amid a flush. */
import { bufferCount, map, NEVER, type OperatorFunction, throwError } from 'rxjs';
import {
  eachMessage,
  mergeShards,
  reorderBy,
  sequenceGaps,
  ShardError,
  shardBy,
  slaTimeout,
  type SlaTimeoutOptions,
} from 'rxjs-reliable';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type BaseOptions, Rig } from '../../support/Rig.js';
import { stages } from '../../support/stages.js';
import { named, type AnyEvent, type Numbered } from '../../support/subjects.js';

const uncaught: unknown[] = [];
const note = (error: unknown): void => {
  uncaught.push(error);
};
beforeEach(() => {
  uncaught.length = 0;
  process.on('unhandledRejection', note);
});
afterEach(async () => {
  await new Promise((resolve) => setTimeout(resolve, 0));
  process.off('unhandledRejection', note);
  expect(uncaught).toEqual([]);
});

type Base = BaseOptions<AnyEvent>;
type Make = (base: Base, fail: () => never) => OperatorFunction<number, unknown>;
const self = (n: number): number => n;
const turns = (base: Base) => shardBy<number>('round-robin', { shards: 2, onEvent: base.onEvent });
const sla = (
  limits: object,
  options: SlaTimeoutOptions<number, unknown> & { readonly markers?: false },
) => slaTimeout<number, unknown>({ silenceMs: 5, ...limits }, options);

/** The callbacks that throwing.test.ts leaves out, each failing after the first two messages. */
const callbacks: Readonly<Record<string, Make>> = {
  'slaTimeout keyBy': (base, keyBy) => sla({}, { ...base, keyBy }),
  'slaTimeout eventTimeOf': (base, eventTimeOf) => sla({ responseMs: 5, eventTimeOf }, base),
  'slaTimeout startOf': (base, startOf) =>
    sla({ transaction: { startOf, finishOf: () => undefined, withinMs: 5 } }, base),
  'slaTimeout finishOf': (base, finishOf) =>
    sla({ transaction: { startOf: self, finishOf, withinMs: 5 } }, base),
  'slaTimeout switchTo': (base, switchTo) => sla({}, { ...base, breachPolicy: 'switch', switchTo }),
  'shardBy key': (base, keyBy) => (source) =>
    source.pipe(
      shardBy<number, unknown>(keyBy, { shards: 2, onEvent: base.onEvent }),
      mergeShards((shard) => shard),
    ),
  'shardBy least-busy keyBy': (base, keyBy) => (source) =>
    source.pipe(
      shardBy<number, unknown>({ policy: 'least-busy', keyBy }, { shards: 2 }),
      mergeShards((shard) => shard, base),
    ),
  'shardBy indexOf': (base, indexOf) => (source) =>
    source.pipe(
      shardBy<number>({ policy: 'custom', indexOf: () => indexOf() }, { shards: 9 }),
      mergeShards((shard) => shard, base),
    ),
  'mergeShards order.by': (base, by) => (source) =>
    source.pipe(
      turns(base),
      mergeShards((shard) => shard, { ...base, order: { by, idleMs: 5 } }),
    ),
  'mergeShards pipeline': (base, fail) => (source) =>
    source.pipe(
      turns(base),
      mergeShards((shard) => shard.pipe(map(fail)), base),
    ),
  'eachMessage work': (base, work) => (source) =>
    source.pipe(turns(base), mergeShards(eachMessage<number, number>(work), base)),
};

describe.each(Object.entries(callbacks))('%s', (name, make) => {
  it('H21: that throws ends the stream with that error, once, and leaves nothing', () => {
    const thrown = new Error(name);
    let calls = 0;
    const rig = new Rig<number, AnyEvent, unknown>((base) =>
      make(base, (): never => {
        calls += 1;
        if (calls > 2) throw thrown;
        return calls as never;
      }),
    );
    for (let n = 0; n < 6; n += 1) rig.send(n);
    for (let waits = 0; waits < 3; waits += 1) rig.clock.advanceBy(10);
    if (name.endsWith('switchTo')) {
      // Called once, at the first breach: what it returns is no stream, which is an error, too.
      expect(rig.error).toBeInstanceOf(TypeError);
    } else if (/pipeline|work/.test(name)) {
      // The error of a pipeline comes in one that says which shard (DESIGN §3).
      if (name.startsWith('mergeShards')) expect((rig.error as ShardError).cause).toBe(thrown);
      expect(rig.error).toBeInstanceOf(ShardError);
    } else {
      expect(rig.error).toBe(thrown);
    }
    expect(rig.log.filter(([, kind]) => kind === 'error' || kind === 'complete')).toHaveLength(1);
    expect(rig.isClean).toBe(true);
  });
});

/** What an asynchronous function returns: a promise, whatever the type says. */
function rejected(error: Error): undefined {
  return Promise.reject(error) as unknown as undefined;
}

/** Each says something about the second of these messages. */
const talkative: Readonly<Record<string, Make>> = {
  reorderBy: (base) => reorderBy(self, base),
  "reorderBy by: 'time'": (base) => reorderBy(self, { ...base, by: 'time', boundMs: 0 }),
  sequenceGaps: (base) => sequenceGaps<number>(self, base),
  slaTimeout: (base) =>
    sla({ responseMs: 5, eventTimeOf: (n: number) => (n === 0 ? NaN : 0) }, base),
  shardBy:
    ({ onEvent }) =>
    (source) =>
      source.pipe(
        shardBy('round-robin', {
          shards: 1,
          maxPending: 1,
          overflowPolicy: 'drop-newest',
          onEvent,
        }),
        mergeShards(eachMessage(() => NEVER)),
      ),
  mergeShards: (base) => (source) =>
    source.pipe(
      turns({ ...base, onEvent: () => undefined }),
      mergeShards((shard) => shard, { ...base, order: { by: () => NaN, idleMs: 0 } }),
    ),
};
const said = [9, 0, 0, 0];

describe.each(Object.entries(talkative))('onEvent of %s', (_name, make) => {
  it('H23: that throws ends the stream with that error', () => {
    const thrown = new Error('onEvent');
    const rig = new Rig<number, AnyEvent, unknown>((base) =>
      make(
        {
          ...base,
          onEvent: (event) => {
            base.onEvent(event);
            throw thrown;
          },
        },
        () => expect.fail('not called'),
      ),
    ).send(...said);
    expect(rig.error).toBe(thrown);
    expect(rig.isClean).toBe(true);
  });

  it('H24: that fails later ends the stream with that error, and is not left unhandled', async () => {
    const thrown = new Error('onEvent');
    const rig = new Rig<number, AnyEvent, unknown>((base) =>
      make(
        {
          ...base,
          onEvent: (event) => {
            base.onEvent(event);
            return rejected(thrown);
          },
        },
        () => expect.fail('not called'),
      ),
    ).send(...said);
    expect(rig.error).toBeUndefined();
    await Promise.resolve();
    await Promise.resolve();
    expect(rig.error).toBe(thrown);
    expect(rig.isClean).toBe(true);
  });

  it('H24: that fails after the consumer has left is not left unhandled either', async () => {
    const rig = new Rig<number, AnyEvent, unknown>((base) =>
      make(
        {
          ...base,
          onEvent: () => rejected(new Error('late')),
        },
        () => expect.fail('not called'),
      ),
    ).send(...said);
    rig.subscription.unsubscribe();
    await Promise.resolve();
    expect(rig.error).toBeUndefined();
  });
});

describe.each(named(stages))('%s', (_name, { make }) => {
  it('H30: stops at once when it is unsubscribed inside next', () => {
    const rig = new Rig<Numbered, AnyEvent, unknown>(
      (base) => make(base),
      {},
      (__, its) => {
        if (its.values.length === 3) its.subscription.unsubscribe();
      },
    );
    for (let n = 0; n < 10; n += 1) rig.send({ n });
    rig.complete();
    expect(rig.values.length).toBeLessThanOrEqual(3);
    expect(rig.isClean || rig.values.length < 3).toBe(true);
  });
});

/** Operators that emit 1,000 values in one go: when 0 comes last, or the time is over. */
const flushes: Readonly<Record<string, (base: Base) => OperatorFunction<number, unknown>>> = {
  reorderBy: (base) => reorderBy(self, { ...base, first: 0 }),
  'reorderBy after maxWaitMs': (base) => reorderBy(self, { ...base, startWaitMs: 9, maxWaitMs: 9 }),
  "reorderBy by: 'sparse'": (base) => reorderBy(self, { ...base, by: 'sparse', maxWaitMs: 9 }),
  "reorderBy by: 'time'": (base) => reorderBy(self, { ...base, by: 'time', boundMs: 1e9 }),
  'slaTimeout markers': (base) =>
    slaTimeout<number>(
      { transaction: { startOf: (n) => n, finishOf: () => undefined, withinMs: 9 } },
      { ...base, markers: true },
    ),
  'sequenceGaps with an answer of 1,000': (base) =>
    sequenceGaps<number>((n) => (n === 0 ? 5_000 : n + 1_000), {
      ...base,
      recover: { request: () => Array.from({ length: 1_000 }, (_, n) => n + 2_000) },
    }),
  'mergeShards by source': (base) => (source) =>
    source.pipe(
      shardBy<number>({ policy: 'custom', indexOf: (n) => (n < 2 ? 0 : 1) }, { shards: 2 }),
      mergeShards<number, unknown>(
        (shard) => (shard.index === 0 ? shard.pipe(bufferCount(2)) : shard),
        {
          ...base,
          order: 'source',
        },
      ),
    ),
  'mergeShards by number': (base) => (source) =>
    source.pipe(
      shardBy<number>({ policy: 'custom', indexOf: (n) => (n === 0 ? 0 : 1) }, { shards: 2 }),
      mergeShards<number, unknown>((shard) => shard, { ...base, order: { by: Number, idleMs: 9 } }),
    ),
};

describe.each(Object.entries(flushes))('%s', (_name, make) => {
  it('H30: emits nothing more when it is unsubscribed amid a flush of 1,000', () => {
    let atOnce = 0;
    const rig = new Rig<number, AnyEvent, unknown>(make, {}, () => (atOnce += 1));
    for (let n = 1; n <= 1_000; n += 1) rig.send(n);
    const before = rig.values.length;
    const leaving = new Rig<number, AnyEvent, unknown>(make, {}, (__, its) => {
      if (its.values.length === before + 7) its.subscription.unsubscribe();
    });
    for (let n = 1; n <= 1_000; n += 1) leaving.send(n);
    for (const its of [rig, leaving]) {
      its.send(0);
      its.clock.advanceBy(2_000);
    }
    expect(atOnce - before).toBeGreaterThanOrEqual(900);
    expect(leaving.values).toHaveLength(before + 7);
    expect(leaving.isClean).toBe(true);
    const { length } = leaving.log;
    leaving.complete();
    expect(leaving.log).toHaveLength(length);
  });
});

describe('sequenceGaps announced', () => {
  it('H21: that fails ends the stream with that error', () => {
    const thrown = new Error('announced');
    const rig = new Rig<number, AnyEvent>((base) =>
      sequenceGaps<number>(self, { ...base, announced: throwError(() => thrown) }),
    );
    expect(rig.error).toBe(thrown);
    expect(rig.isClean).toBe(true);
  });
});
