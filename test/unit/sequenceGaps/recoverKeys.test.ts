/** sequenceGaps recover with keyBy: requests of several keys. */
import { sequenceGaps, type RecoverOptions, type SequenceGapsEvent } from 'rxjs-reliable';
import { describe, expect, it } from 'vitest';
import { Desk } from '../../support/Desk.js';
import { Rig } from '../../support/Rig.js';

describe('sequenceGaps recover over several keys', () => {
  type Message = readonly [key: string, seq: number];
  const keyed = (recover: Partial<RecoverOptions<Message, string>>, maxKeys = 10) => {
    const desk = new Desk<Message>();
    const rig = new Rig<Message, SequenceGapsEvent<Message, string>>((base) =>
      sequenceGaps<Message, string>(([, seq]) => seq, {
        ...base,
        maxKeys,
        keyBy: ([key]) => key,
        recover: { request: desk.request, ...recover },
      }),
    );
    return { desk, rig };
  };

  it('asks for each key by name', () => {
    const { desk, rig } = keyed({});
    rig.send(['a', 1], ['a', 3], ['b', 1], ['b', 4]);
    expect(desk.requests.map(({ key, first, last }) => [key, first, last])).toEqual([
      ['a', 2, 2],
      ['b', 2, 3],
    ]);
  });

  it('shares maxInFlight between them in turn', () => {
    const { desk, rig } = keyed({ maxInFlight: 1 });
    for (const key of ['a', 'b', 'c']) rig.send([key, 0], [key, 2], [key, 4]);
    const order = [];
    for (let served = 0; served < 6; served += 1) {
      order.push(desk.last.key);
      desk.last.answer.complete();
    }
    expect(order).toEqual(['a', 'a', 'b', 'c', 'b', 'c']);
  });

  it('cancels the requests of a key that is evicted', () => {
    const { desk, rig } = keyed({}, 1);
    rig.send(['a', 1], ['a', 3], ['b', 1]);
    expect(desk.isClosed).toBe(true);
    expect(rig.events.slice(2)).toMatchObject([
      { kind: 'lost', reason: 'evicted' },
      { kind: 'evicted' },
    ]);
    rig.clock.flush();
    expect(desk.requests).toHaveLength(1);
  });
});
