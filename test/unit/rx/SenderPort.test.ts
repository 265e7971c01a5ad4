import { EMPTY, NEVER, Observable, of, Subject, throwError } from 'rxjs';
import { describe, expect, it } from 'vitest';
import type { GapRequest } from '../../../src/core/GapRequest.js';
import { type Sender, SenderPort } from '../../../src/rx/SenderPort.js';
import { openOutlet } from '../../support/openOutlet.js';
import { failure } from '../../support/passing.js';

const gap = { first: 2, last: 4, count: 3, key: 'k' };
const now = (): number => 0;

/** A port to a sender, with a tracker that writes down what it is told. */
function open(sender: Partial<Sender<number, number, string>>) {
  const { outlet } = openOutlet<number>();
  const log: unknown[] = [];
  const request: GapRequest = {
    ...{ first: 2, last: 4, attempt: 7 },
    ...{ pieces: 1, isLive: true, cancel: () => undefined },
  };
  const tracker = {
    cancelFallback: (() => undefined) as (() => void) | undefined,
    answer: (value: number, of_: GapRequest | undefined) =>
      log.push(['answer', value, ...(of_ === request ? ['of the request'] : [])]),
    answered: (of_: GapRequest) => log.push(['answered', of_ === request]),
    resume: (value: number) => log.push(['resume', value]),
  };
  const port = new SenderPort<number, number, string, GapRequest>(
    { request: () => NEVER, ...sender },
    outlet,
    (work) => {
      work(now);
    },
    (event) => log.push(event),
  );
  return {
    ...{ log, outlet, request, tracker },
    ask: () => port.request(tracker, request, gap),
    fallBack: () => port.fallBack(tracker, gap),
    port,
  };
}

describe('SenderPort', () => {
  it('asks for a gap, and says for the how many-th time', () => {
    const asked: unknown[] = [];
    const rig = open({
      request: (...asking) => {
        asked.push(asking);
        return EMPTY;
      },
    });
    rig.ask();
    expect(asked).toEqual([[gap, 7]]);
    expect(rig.log).toEqual([['answered', true]]);
  });

  it('hands on what is answered, at most as many values as numbers were asked for', () => {
    const rig = open({ request: () => of(4, 3, 2, 9) });
    rig.ask();
    expect(rig.log).toEqual([
      ['answer', 4, 'of the request'],
      ['answer', 3, 'of the request'],
      ['answer', 2, 'of the request'],
      ['answered', true],
    ]);
  });

  it.each([
    ['fails', () => throwError(() => failure)],
    [
      'cannot be made',
      () => {
        throw failure;
      },
    ],
  ])('tells of an answer that %s', (_, request) => {
    const rig = open({ request });
    rig.ask();
    const failed = { kind: 'request-failed', ...gap, attempt: 7, error: failure };
    expect(rig.log).toEqual([failed, ['answered', true]]);
  });

  it('tells nothing of an answer that fails when nobody waits for it any more', () => {
    const rig = open({ request: () => throwError(() => failure) });
    rig.request.isLive = false;
    rig.ask();
    expect(rig.log).toEqual([['answered', true]]);
  });

  it('takes the first message of a fallback for all before it, and up to maxRange in all', () => {
    const rig = open({ fallback: ({ first }) => of(Number(first) * 10, 21, 22, 23), maxRange: 3 });
    rig.fallBack();
    expect(rig.log).toEqual([
      ['resume', 20],
      ['answer', 21],
      ['answer', 22],
    ]);
    expect(rig.tracker.cancelFallback).toBeUndefined();
  });

  it('takes 1,024 messages of a fallback, unless told otherwise', () => {
    const rig = open({ fallback: () => Array.from({ length: 2_000 }, (_, index) => index) });
    rig.fallBack();
    expect(rig.log.length).toBe(1_024);
  });

  it('tells of a fallback that fails', () => {
    const rig = open({ fallback: () => throwError(() => failure) });
    rig.fallBack();
    expect(rig.log).toEqual([{ kind: 'fallback-failed', ...gap, error: failure }]);
    expect(rig.tracker.cancelFallback).toBeUndefined();
  });

  it.each(['ask', 'fallBack'] as const)('stops listening when it is told to (%s)', (way) => {
    let listeners = 0;
    const input = new Observable<number>(() => {
      listeners += 1;
      return () => (listeners -= 1);
    });
    const rig = open({ request: () => input, fallback: () => input });
    const stop = rig[way]();
    expect(listeners).toBe(1);
    stop();
    expect(listeners).toBe(0);
  });

  it('stops listening when the stream ends', () => {
    const input = new Subject<number>();
    const rig = open({ request: () => input });
    rig.ask();
    rig.outlet.complete();
    expect(input.observed).toBe(false);
  });

  it('has its chance from Math.random', () => {
    expect(open({}).port.random).toBe(Math.random);
  });
});
