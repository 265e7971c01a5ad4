/** G14: whatever comes, and however long, no operator holds more than its options say. */
import { join } from 'node:path';
import { Subject } from 'rxjs';
import type * as Library from 'rxjs-reliable';
import { VirtualClock } from 'rxjs-reliable/testing';
import { describe, expect, it } from 'vitest';
import { boundedOperators, type MakeBounded, type Message } from '../support/boundedOperators.js';
import { type Flood, floods } from '../support/floods.js';
import { stateSize } from '../support/stateSize.js';
import { root } from './consumer.js';

const library = (await import(join(root, 'dist', 'index.js'))) as typeof Library;

/** Subscribes an operator, and sends it messages. */
function begin(make: MakeBounded, room: number) {
  const clock = new VirtualClock();
  const source = new Subject<Message>();
  const subscription = source.pipe(make(library, room, clock)).subscribe();
  const isForeign = (value: object): boolean =>
    value === clock || value === source || value instanceof Function || 'atMs' in value;
  return {
    send: (message: Omit<Message, 'atMs'>) => {
      clock.advanceBy(1);
      source.next({ ...message, atMs: clock.now() });
    },
    size: () => stateSize(subscription, isForeign),
    leave: () => {
      subscription.unsubscribe();
    },
  };
}

/** The most that is held at any of many moments. */
function mostHeld(make: MakeBounded, room: number, { length, messageAt }: Flood): number {
  const { leave, send, size } = begin(make, room);
  let most = 0;
  for (let index = 0; index < length; index += 1) {
    send(messageAt(index));
    if (index % 997 === 0 || index < 10) most = Math.max(most, size());
  }
  leave();
  return most;
}

describe.each(Object.entries(boundedOperators))('%s', (_, { each, fixed, make }) => {
  let most = 0;

  it.each(Object.entries(floods))('%s', (_name, flood) => {
    for (const room of [32, 128]) {
      const held = mostHeld(make, room, flood);
      expect(held).toBeLessThanOrEqual(fixed + each * room);
      if (room === 128) most = Math.max(most, held);
    }
  });

  it('is seen to hold something', () => {
    expect(most).toBeGreaterThan(128);
  });
});
