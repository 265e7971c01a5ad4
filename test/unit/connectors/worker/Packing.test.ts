import { columns } from 'rxjs-reliable/worker';
import { describe, expect, it } from 'vitest';
import { Packing } from '../../../../src/connectors/worker/Packing.js';

const texts = columns<string>('string');
const messages = (...values: unknown[]) => ({ kind: 'messages', values });

/** What is posted for a message. */
function posted(packing: Packing<string>, message: object, transfer: readonly object[] = []) {
  const posts: unknown[][] = [];
  packing.post(message as ReturnType<typeof messages>, transfer, (...post) => posts.push(post));
  expect(posts).toHaveLength(1);
  return posts[0];
}

describe('Packing', () => {
  it('packs values, and unpacks them', () => {
    const packing = new Packing(texts, 'codec');
    const [packed] = posted(packing, { ...messages('a', 'b'), taken: 3 }) ?? [];
    expect(packed).toEqual({ kind: 'messages', taken: 3, values: { count: 2, data: ['a', 'b'] } });
    expect(packing.unpack(packed as { kind: string })).toEqual({
      ...{ kind: 'messages', taken: 3, values: ['a', 'b'] },
    });
  });

  it('leaves alone what has no values', () => {
    const packing = new Packing(texts, 'codec');
    for (const message of [{ kind: 'complete' }, messages()]) {
      expect(posted(packing, message)).toEqual([message, []]);
      expect(packing.unpack(message)).toBe(message);
    }
  });

  it('leaves values alone without a codec', () => {
    const packing = new Packing<string>(undefined, 'codec');
    const buffer = {};
    const message = messages('a');
    expect(posted(packing, message, [buffer])).toEqual([message, [buffer]]);
    expect(packing.unpack(message)).toBe(message);
  });

  it('hands over what the codec says, too', () => {
    const [own, packed] = [{ own: true }, { packed: true }];
    const codec = { encode: () => ({ data: 0, transfer: [packed] }), decode: () => [] };
    expect(posted(new Packing(codec, 'codec'), messages('a'), [own])?.[1]).toEqual([own, packed]);
  });

  it('takes values that come as they are', () => {
    const message = messages('a');
    expect(new Packing(texts, 'codec').unpack(message)).toBe(message);
  });

  it('cannot unpack without a codec', () => {
    const packed = { kind: 'answers', values: { count: 1, data: ['a'] } };
    expect(() => new Packing<string>(undefined, 'resultCodec').unpack(packed)).toThrow(
      new TypeError('the other thread has a resultCodec, this one has none'),
    );
  });

  it('notices a codec that makes more or less of it', () => {
    const packed = { kind: 'messages', values: { count: 2, data: ['a'] } };
    expect(() => new Packing(texts, 'codec').unpack(packed)).toThrow(
      new TypeError('the codec made 1 values of 2 that were encoded'),
    );
  });

  it('throws what the codec throws', () => {
    const packing = new Packing(texts, 'codec');
    expect(() => {
      packing.post(messages(7), [], () => undefined);
    }).toThrow('a message is of type number, not string');
  });
});
