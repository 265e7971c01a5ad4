/** inWorker: what cannot be cloned, workers that crash, talk nonsense or speak after their end, consumers that leave. */
import { concatMap, delay, from, map, of, retry, Subject, take, throwError } from 'rxjs';
import { mergeShards, type MergeShardsOptions, OptionError, shardBy } from 'rxjs-reliable';
import {
  inWorker,
  type InWorkerEvent,
  type InWorkerOptions,
  WorkerError,
} from 'rxjs-reliable/worker';
import { describe, expect, it } from 'vitest';
import type { AnyEvent } from '../../support/subjects.js';
import {
  type NodeWorkerInThread,
  puppets,
  settled,
  type Spawner,
  workersWith,
} from '../../support/workerInThread.js';

type Event = InWorkerEvent<unknown, unknown>;

/** A stream with a worker, and what became of it. */
function run(spawner: Spawner<NodeWorkerInThread>, options: InWorkerOptions<unknown> = {}) {
  const source = new Subject<unknown>();
  const log: unknown[] = [];
  const events: Event[] = [];
  const onEvent = (event: Event): void => {
    events.push(event);
  };
  const subscription = source.pipe(inWorker(spawner.spawn, { onEvent, ...options })).subscribe({
    next: (value) => log.push(value),
    error: (error: unknown) => log.push(error),
    complete: () => log.push('|'),
  });
  const send = (...messages: readonly unknown[]): void => {
    for (const message of messages) source.next(message);
  };
  const dead = () =>
    events.flatMap((event) => (event.kind === 'dead-letter' ? [event.message] : []));
  const complete = () => {
    source.complete();
  };
  return { send, complete, log, events, dead, subscription };
}
const echo = () => workersWith<unknown, unknown>((source) => source);

/** Shards that each have a worker. */
function shards(
  spawner: Spawner<NodeWorkerInThread>,
  options: MergeShardsOptions<unknown, unknown>,
) {
  const source = new Subject<unknown>();
  const log: unknown[] = [];
  const events: AnyEvent[] = [];
  const onEvent = (event: AnyEvent): void => {
    events.push(event);
  };
  source
    .pipe(
      shardBy<unknown>('round-robin', { shards: 1, onEvent }),
      mergeShards((shard) => shard.pipe(inWorker(spawner.spawn)), { onEvent, ...options }),
    )
    .subscribe({ next: (value) => log.push(value), error: (error: unknown) => log.push(error) });
  return { source: source.asObservable(), send: source.next.bind(source), log, events };
}

describe('inWorker', () => {
  it('H58, H18: makes dead letters of messages that cannot be cloned, and goes on', async () => {
    const odd = [
      { n: 1, then: () => undefined },
      new Proxy({}, {}),
      Symbol('odd'),
      () => undefined,
      new WeakMap(),
      {
        get secret(): never {
          throw new Error('read');
        },
      },
    ];
    const { complete, dead, log, send } = run(echo());
    send('before', ...odd, Object.freeze({ n: 2 }), null, undefined, 'after');
    complete();
    await settled();
    expect(log).toEqual(['before', { n: 2 }, null, undefined, 'after', '|']);
    expect(dead().map((message) => odd.findIndex((one) => one === message))).toEqual([
      ...[0, 1, 2, 3, 4, 5],
    ]);
  });

  it('H17: leaves prototypes alone whatever is in a message', async () => {
    const { log, send } = run(echo());
    const message: unknown = JSON.parse('{ "__proto__": { "polluted": true }, "constructor": 1 }');
    send(message);
    await settled();
    expect(log).toEqual([message]);
    expect('polluted' in {}).toBe(false);
  });

  it.each([1, 0, 137])(
    'H58: fails with a WorkerError when the worker exits with %i',
    async (code) => {
      const spawner = puppets();
      const { log, send } = run(spawner);
      send(1, 2);
      await settled();
      spawner.last.exit(code);
      await settled();
      expect(log).toHaveLength(1);
      expect(log[0]).toBeInstanceOf(WorkerError);
      send(3);
      await settled();
      expect(log).toHaveLength(1);
    },
  );

  it('H58: has every message in an event when a worker crashes again and again', async () => {
    const spawner = workersWith<unknown, unknown>((source) => source);
    const { events, log, send } = shards(spawner, { onShardError: 'restart', maxRestarts: 2 });
    for (let crash = 0; crash < 3; crash += 1) {
      await settled();
      send(crash);
      spawner.last.crash(new Error('broken'));
      await settled();
    }
    send('after');
    await settled();
    const kinds = events.map(({ kind }) => kind);
    expect(spawner.workers).toHaveLength(3);
    expect(kinds.filter((kind) => kind === 'shard-restart')).toHaveLength(2);
    expect(events.at(-1)).toMatchObject({ kind: 'orphaned', message: 'after' });
    const accounted = events.flatMap(({ message }) => (message === undefined ? [] : [message]));
    expect([...log, ...accounted].sort()).toEqual([0, 1, 2, 'after']);
  });

  it('H58, H34: is deaf to a worker that speaks after it was terminated', async () => {
    const spawner = puppets();
    const { log, subscription } = run(spawner);
    subscription.unsubscribe();
    expect(spawner.terminations).toEqual([1]);
    spawner.say('anything');
    spawner.last.crash(new Error('late'));
    await settled();
    expect(log).toEqual([]);
    expect(spawner.terminations).toEqual([1]);
  });

  it.each([undefined, null, 7, 'text', [], {}, { kind: 'results' }, { kind: '__proto__' }])(
    'H01: hears nothing in %o of a worker',
    async (nonsense) => {
      const spawner = puppets();
      const { log, send } = run(spawner);
      send(1);
      spawner.say(nonsense);
      await settled();
      expect(log.filter((entry) => !(entry instanceof Error))).toEqual([]);
    },
  );

  it('H21: fails with what spawning throws', () => {
    const thrown = new Error('spawn');
    const log: unknown[] = [];
    const spawn = (): never => {
      throw thrown;
    };
    of(1)
      .pipe(inWorker(spawn))
      .subscribe({ error: (error: unknown) => log.push(error) });
    expect(log).toEqual([thrown]);
  });

  it('H23, H24: fails with what onEvent throws, at once or later', async () => {
    const thrown = new Error('onEvent');
    for (const fail of [
      (): never => {
        throw thrown;
      },
      () => Promise.reject(thrown) as unknown as undefined,
    ]) {
      const spawner = echo();
      const { log, send } = run(spawner, { onEvent: fail });
      send(() => 'not to be cloned');
      await settled();
      expect(log).toEqual([thrown]);
      expect(spawner.terminations).toEqual([1]);
    }
  });

  it('H30, H31: terminates the worker at once when enough is taken', async () => {
    const spawner = echo();
    const values: unknown[] = [];
    from([1, 2, 3])
      .pipe(inWorker(spawner.spawn), take(1))
      .subscribe((value) => {
        values.push(value);
      });
    await settled();
    expect(values).toEqual([1]);
    expect(spawner.terminations).toEqual([1]);
  });

  it('H33: passes the error of the source on and terminates the worker', async () => {
    const spawner = echo();
    const thrown = new Error('source');
    const log: unknown[] = [];
    throwError(() => thrown)
      .pipe(inWorker(spawner.spawn))
      .subscribe({ error: (error: unknown) => log.push(error) });
    await settled();
    expect(log).toEqual([thrown]);
    expect(spawner.terminations.every((count) => count === 1)).toBe(true);
  });

  it('H37, H38: has a worker of its own for each subscription and each retry', async () => {
    let made = 0;
    const spawner = workersWith<number, number>((source) => {
      made += 1;
      const isBroken = made === 1;
      return source.pipe(
        map((n) => {
          if (isBroken) throw new Error('once');
          return n;
        }),
      );
    });
    const results = of(1, 2).pipe(inWorker<number, number>(spawner.spawn));
    const [one, other]: [number[], number[]] = [[], []];
    results.pipe(retry(1)).subscribe((n) => one.push(n));
    await settled();
    results.subscribe((n) => other.push(n));
    await settled();
    expect([one, other]).toEqual([
      [1, 2],
      [1, 2],
    ]);
    expect(spawner.terminations).toEqual([1, 1, 1]);
  });

  it('H32, H64: takes an empty stream, and completion before the worker is there', async () => {
    for (const count of [0, 1, 100]) {
      const { complete, log, send } = run(
        workersWith<unknown, unknown>((source) =>
          source.pipe(concatMap((n) => of(n).pipe(delay(0)))),
        ),
      );
      const messages = Array.from({ length: count }, (_, n) => n);
      send(...messages);
      complete();
      for (let round = 0; round < 20 && log.at(-1) !== '|'; round += 1) await settled();
      expect(log).toEqual([...messages, '|']);
    }
  });

  it.each([
    ['maxBatch', [0, 1.5, NaN, Infinity, 2 ** 24 + 1, '5']],
    ['maxInFlight', [0, 1.5, NaN, Infinity, 2 ** 24 + 1, '5']],
    ['maxWaitMs', [-1, NaN, Infinity, 60_001, '5']],
  ])('H41, H43: refuses what %s cannot be', (name, bad) => {
    for (const value of bad) {
      expect(() => inWorker(echo().spawn, { [name]: value })).toThrow(OptionError);
    }
  });
});
