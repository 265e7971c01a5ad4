import { describe, expect, it } from 'vitest';
import { Parcel } from '../../../src/core/Parcel.js';
import { ShardChannel } from '../../../src/core/ShardChannel.js';
import { parcelsOf } from '../../../src/rx/parcelsOf.js';
import { record } from '../../support/record.js';

function rig(max: number) {
  const channel = new ShardChannel<string>(0, [0], () => undefined);
  const room = { active: 0, isFree: true, taken: () => undefined };
  room.taken = () => {
    room.active += 1;
    room.isFree = room.active < max;
    return undefined;
  };
  const parcels = ['a', 'b', 'c'].map((text, ticket) => new Parcel(ticket, text, 0, undefined));
  return { channel, room, parcels, stream: parcelsOf<string, Parcel<string>>(channel, room) };
}

describe('parcelsOf', () => {
  it('takes parcels while there is room, the rest when there is again', () => {
    const { channel, room, parcels, stream } = rig(2);
    for (const parcel of parcels) channel.accept(parcel);
    const log = record(stream);
    expect(log).toEqual(parcels.slice(0, 2));
    room.isFree = true;
    channel.drain();
    expect(log).toEqual(parcels);
  });

  it('completes and fails with its channel', () => {
    const one = rig(1);
    const log = record(one.stream);
    one.channel.complete();
    expect(log).toEqual(['|']);
    const other = rig(1);
    const failed = record(other.stream);
    other.channel.fail('broken');
    expect(failed).toEqual(['broken']);
  });

  it('leaves its channel when it is unsubscribed', () => {
    const { channel, parcels, stream } = rig(9);
    const log: unknown[] = [];
    const subscription = stream.subscribe((parcel) => log.push(parcel));
    subscription.unsubscribe();
    for (const parcel of parcels) channel.accept(parcel);
    expect(log).toEqual([]);
    expect(channel.pending).toBe(3);
  });
});
