import type { FaultRecord, FaultScript } from './FaultRecord.js';

/** What befalls a message of a network without trouble. */
const unharmed: FaultRecord = {
  gapMs: 0,
  drop: false,
  delayMs: 0,
  copies: [],
  corrupt: 'none',
  restart: false,
  epoch: false,
  jump: 0,
};

/**
 * The same script, but from message `fromIndex` on nothing goes wrong any more: what is sent arrives at once, once and
 * as it is.
 *
 * Use it to check liveness: however bad it was, some time after the network has healed a pipeline must be back at work.
 *
 * @param script - what befalls each message.
 * @param fromIndex - place of the first message that fares well.
 *
 * @example
 * ```ts
 * import { arrivalsOf, healFaults } from 'rxjs-reliable/testing';
 *
 * const script = [{ drop: true }, { drop: true }, { gapMs: 5, drop: true }];
 * console.log(arrivalsOf(healFaults(script, 2)).map(({ message }) => message.seq));
 * // => [ 2 ]
 * ```
 */
export function healFaults(script: FaultScript, fromIndex: number): FaultRecord[] {
  return script.map((record, index) => {
    if (index < fromIndex) return { ...unharmed, ...record };
    const { gapMs = 0, modulus, producer } = record;
    return {
      ...unharmed,
      gapMs,
      ...(modulus === undefined ? {} : { modulus }),
      ...(producer === undefined ? {} : { producer }),
    };
  });
}
