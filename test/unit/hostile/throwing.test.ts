/** Callbacks that throw: one error notification with what was thrown, and nothing left behind. */
import { NEVER, type OperatorFunction } from 'rxjs';
import {
  dedupeWithin,
  reorderBy,
  sequenceGaps,
  type KeyOptions,
  type SequenceOptions,
} from 'rxjs-reliable';
import { accountFor, VirtualClock } from 'rxjs-reliable/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Rig } from '../../support/Rig.js';
import type { AnyEvent } from '../../support/subjects.js';

interface Message {
  readonly n: number;
}
type Callback = 'orderOf' | 'keyBy' | 'epochOf' | 'previousOf' | 'onEvent' | 'eventTimeOf';
type Wrap = <F extends (...args: never[]) => unknown>(name: Callback, callback: F) => F;
type Make = (wrap: Wrap, scheduler: VirtualClock) => OperatorFunction<Message, unknown>;

const orderOf = (m: Message): number => m.n;
const shared = (wrap: Wrap, scheduler: VirtualClock) => ({
  scheduler,
  onEvent: wrap('onEvent', () => undefined),
});
const keyed = (wrap: Wrap): KeyOptions<Message, unknown> => ({ keyBy: wrap('keyBy', () => 'key') });
const numbered = (wrap: Wrap): SequenceOptions<Message, unknown> => ({
  ...keyed(wrap),
  epochOf: wrap('epochOf', () => 1),
});

const operators: readonly (readonly [name: string, callbacks: readonly Callback[], make: Make])[] =
  [
    [
      'reorderBy',
      ['orderOf', 'keyBy', 'epochOf', 'onEvent'],
      (wrap, clock) =>
        reorderBy(wrap('orderOf', orderOf), {
          ...shared(wrap, clock),
          ...numbered(wrap),
          maxWaitMs: 5,
        }),
    ],
    [
      'reorderBy with previousOf',
      ['orderOf', 'previousOf', 'onEvent'],
      (wrap, clock) =>
        reorderBy(wrap('orderOf', orderOf), {
          ...shared(wrap, clock),
          previousOf: wrap('previousOf', (m: Message) => m.n - 1),
          maxWaitMs: 5,
        }),
    ],
    [
      "reorderBy by: 'sparse'",
      ['orderOf', 'keyBy', 'onEvent'],
      (wrap, clock) =>
        reorderBy(wrap('orderOf', orderOf), {
          ...shared(wrap, clock),
          ...keyed(wrap),
          by: 'sparse',
          maxWaitMs: 5,
        }),
    ],
    [
      "reorderBy by: 'time'",
      ['orderOf', 'keyBy', 'onEvent'],
      (wrap, clock) =>
        reorderBy(wrap('orderOf', orderOf), {
          ...shared(wrap, clock),
          ...keyed(wrap),
          by: 'time',
          boundMs: 2,
        }),
    ],
    [
      'sequenceGaps',
      ['orderOf', 'keyBy', 'epochOf', 'onEvent'],
      (wrap, clock) =>
        sequenceGaps<Message, unknown>(wrap('orderOf', orderOf), {
          ...shared(wrap, clock),
          ...numbered(wrap),
          toleranceMs: 2,
          recover: { request: () => NEVER },
        }),
    ],
    [
      'dedupeWithin a time',
      ['keyBy', 'onEvent'],
      (wrap, clock) =>
        dedupeWithin<Message, unknown>(5, {
          ...shared(wrap, clock),
          keyBy: wrap('keyBy', (m: Message) => m.n),
        }),
    ],
    [
      'dedupeWithin a watermark',
      ['keyBy', 'eventTimeOf', 'onEvent'],
      (wrap, clock) =>
        dedupeWithin<Message, unknown>(
          { kind: 'watermark', delayMs: 3, eventTimeOf: wrap('eventTimeOf', orderOf) },
          { ...shared(wrap, clock), keyBy: wrap('keyBy', (m: Message) => m.n) },
        ),
    ],
    [
      'dedupeWithin a sequence',
      ['orderOf', 'keyBy', 'epochOf', 'onEvent'],
      (wrap, clock) =>
        dedupeWithin<Message, unknown>(
          {
            kind: 'sequence',
            size: 2,
            sequenceOf: wrap('orderOf', orderOf),
            epochOf: wrap('epochOf', () => 1),
          },
          { ...shared(wrap, clock), ...keyed(wrap) },
        ),
    ],
  ];
const rows = operators.flatMap(([name, callbacks, make]) =>
  callbacks.map((callback) => [name, callback, make] as const),
);
const stream = [0, 1, 4, 3, 3, 3, 9, 2, 8, 8, 8, 5, 0].map((n): Message => ({ n }));

const uncaught: unknown[] = [];
const note = (error: unknown): void => {
  uncaught.push(error);
};
beforeEach(() => {
  uncaught.length = 0;
  process.on('uncaughtException', note);
  process.on('unhandledRejection', note);
});
afterEach(() => {
  process.off('uncaughtException', note);
  process.off('unhandledRejection', note);
});

describe.each(rows)('%s, whose %s throws,', (_name, callback, make) => {
  it.each([1, 2, 3])('H21, H23: the %i. time, ends with that error', async (time) => {
    const thrown = new Error(callback);
    let calls = 0;
    let discarded = 0;
    const wrap: Wrap = (name, inner) => {
      if (name !== callback) return inner;
      const failing = (...args: never[]): unknown => {
        calls += 1;
        if (calls === time) throw thrown;
        const [event] = args as readonly AnyEvent[];
        if (calls > time && event?.kind === 'discarded') discarded += 1;
        return inner(...args);
      };
      return failing as typeof inner;
    };
    const rig = new Rig<Message, AnyEvent, unknown>(({ scheduler }) => make(wrap, scheduler));
    for (const message of stream) {
      rig.send(message);
      rig.clock.advanceBy(1);
    }
    rig.complete();
    // What is held is told to onEvent even then.
    expect(calls - time).toBe(callback === 'onEvent' ? discarded : 0);
    expect(rig.error).toBe(thrown);
    expect(rig.log.filter(([, kind]) => kind !== 'next')).toHaveLength(1);
    expect(rig.isClean).toBe(true);
    await new Promise((resolve) => setTimeout(resolve, 0));
    expect(uncaught).toEqual([]);
  });
});

describe('what a throwing callback leaves', () => {
  it('is accounted for: everything held is discarded with an event', () => {
    const messages = [1, 3, 5, 6, -7].map((n): Message => ({ n }));
    const failing = (m: Message): number => {
      if (m.n < 0) throw new Error('selector');
      return m.n;
    };
    const rig = new Rig<Message, AnyEvent>((base) => reorderBy(failing, base));
    rig.send(...messages);
    expect(rig.events.map(({ kind }) => kind)).toEqual(['discarded', 'discarded', 'discarded']);
    expect(accountFor(messages.slice(0, -1), rig.values, rig.events).problem).toBeUndefined();
  });

  it('is nothing when onEvent throws again while that is told', () => {
    const first = new Error('first');
    const clock = new VirtualClock();
    const rig = new Rig<Message, AnyEvent>(() =>
      reorderBy(orderOf, {
        scheduler: clock,
        onEvent: ({ kind }) => {
          throw kind === 'late' ? first : new Error('second');
        },
      }),
    );
    rig.send({ n: 5 }, { n: 8 }, { n: 4 });
    expect(rig.error).toBe(first);
    expect(clock.pending).toBe(0);
  });

  it('is a fresh start for whoever subscribes again', () => {
    let calls = 0;
    const operator = reorderBy<number>((n) => {
      calls += 1;
      if (calls === 3) throw new Error('once');
      return n;
    });
    const failed = new Rig<number, AnyEvent>(() => operator).send(1, 3, 2);
    expect(failed.error).toBeInstanceOf(Error);
    expect(new Rig<number, AnyEvent>(() => operator).send(7, 9, 8).values).toEqual([7, 8, 9]);
  });

  it('H35: concerns nobody but the consumer when the consumer throws', async () => {
    const out: number[] = [];
    const clock = new VirtualClock();
    const rig = new Rig<number, AnyEvent>(() => (source) => {
      const result = source.pipe(reorderBy((n: number) => n, { scheduler: clock }));
      result.subscribe(() => {
        throw new Error('consumer');
      });
      return result;
    });
    const subscription = rig.subscription;
    rig.send(1, 3, 2);
    out.push(...rig.values);
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(out).toEqual([1, 2, 3]);
    expect(subscription.closed).toBe(false);
    expect(uncaught).toHaveLength(3);
  });
});
