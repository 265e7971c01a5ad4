import { describe, expect, it } from 'vitest';
import { closedLoad, ShardRouter } from '../../../src/core/ShardRouter.js';
import { isCollected } from '../../support/garbage.js';

const routes = (router: ShardRouter<number, unknown>, count: number): number[] =>
  Array.from({ length: count }, (_, index) => router.route(index));

describe('ShardRouter', () => {
  it('takes turns', () => {
    expect(routes(new ShardRouter({ policy: 'round-robin' }, 3), 7)).toEqual([0, 1, 2, 0, 1, 2, 0]);
  });

  it('leaves closed shards out of the turns', () => {
    const router = new ShardRouter<number, unknown>({ policy: 'round-robin' }, 3);
    router.loads[1] = closedLoad;
    expect(routes(router, 5)).toEqual([0, 2, 0, 2, 0]);
    // Beyond the last one, too, it goes on with the first.
    router.loads.splice(0, 3, 0, 0, closedLoad);
    expect(routes(router, 5)).toEqual([1, 0, 1, 0, 1]);
  });

  it('names a closed shard when all are', () => {
    const router = new ShardRouter<number, unknown>({ policy: 'round-robin' }, 2);
    router.loads.fill(closedLoad);
    expect(routes(router, 3).every((index) => index === 0 || index === 1)).toBe(true);
  });

  it('chooses the least busy shard, the first of several', () => {
    const router = new ShardRouter<number, unknown>({ policy: 'least-busy' }, 4);
    router.loads.splice(0, 4, 2, 1, 3, 1);
    expect(router.route(0)).toBe(1);
    router.loads[1] = closedLoad;
    expect(router.route(0)).toBe(3);
  });

  it('keeps a key where it has work in flight, and forgets it afterwards', () => {
    const router = new ShardRouter<number, number>({ policy: 'least-busy', keyBy: (n) => n }, 2);
    expect(router.route(7)).toBe(0);
    const load = router.keyLoad;
    router.loads[0] = 5;
    expect(router.route(7)).toBe(0);
    expect(load?.count).toBe(2);
    expect(router.route(8)).toBe(1);
    if (load !== undefined) load.count = 0;
    load?.release();
    load?.release();
    expect(router.route(7)).toBe(1);
  });

  it('does not keep a key at a closed shard', () => {
    const router = new ShardRouter<number, number>({ policy: 'least-busy', keyBy: (n) => n }, 2);
    expect(router.route(7)).toBe(0);
    const first = router.keyLoad;
    router.loads[0] = closedLoad;
    expect(router.route(7)).toBe(1);
    // What is left of the first does not release the second.
    first?.release();
    expect(router.route(7)).toBe(1);
    expect(router.keyLoad?.count).toBe(2);
  });

  it('takes back a message that was not accepted', () => {
    const router = new ShardRouter<number, number>({ policy: 'least-busy', keyBy: (n) => n }, 2);
    router.route(7);
    router.withdraw();
    router.loads[0] = 1;
    expect(router.route(7)).toBe(1);
  });

  it('has nothing to take back where no shard is kept for a key', () => {
    const router = new ShardRouter<number, unknown>({ policy: 'round-robin' }, 2);
    router.route(7);
    expect(() => router.withdraw()).not.toThrow();
  });

  it('hashes a key', () => {
    const router = new ShardRouter<number, string>(
      { policy: 'hash', keyBy: (n) => `user-${String(n)}`, seed: 0 },
      4,
    );
    expect(routes(router, 20)).toEqual(routes(router, 20));
    expect(router.key).toBe('user-19');
    expect(new Set(routes(router, 20))).toEqual(new Set([0, 1, 2, 3]));
  });

  it('goes where it is told', () => {
    const indexOf = (n: number, size: number): number => (n * 2) % size;
    expect(routes(new ShardRouter({ policy: 'custom', indexOf }, 5), 4)).toEqual([0, 2, 4, 1]);
  });

  it.each([-1, 3, 1.5, NaN, Infinity, '1', undefined, null, 1n])(
    'refuses to be told %o',
    (index) => {
      const router = new ShardRouter({ policy: 'custom', indexOf: () => index as number }, 3);
      expect(() => router.route(0)).toThrow(RangeError);
    },
  );

  it('chooses the first shard where it is the least busy', () => {
    const router = new ShardRouter<number, unknown>({ policy: 'least-busy' }, 3);
    router.loads.splice(0, 3, 2, 3, 4);
    expect(router.route(0)).toBe(0);
  });

  it('keeps a key while anything of it is in flight, though one message was not accepted', () => {
    const router = new ShardRouter<number, number>({ policy: 'least-busy', keyBy: (n) => n }, 2);
    router.route(7);
    router.route(7);
    router.withdraw();
    router.loads[0] = 5;
    expect(router.route(7)).toBe(0);
  });

  it('lets go of a key that had to move, when nothing of it is in flight', async () => {
    let key: object | undefined = {};
    const reference = new WeakRef(key);
    const router = new ShardRouter<number, object | undefined>(
      { policy: 'least-busy', keyBy: () => key },
      2,
    );
    router.route(0);
    router.loads[0] = closedLoad;
    router.route(0);
    router.withdraw();
    key = undefined;
    router.route(0);
    expect(await isCollected(reference)).toBe(true);
  });

  it('takes -0 for 0', () => {
    expect(new ShardRouter({ policy: 'custom', indexOf: () => -0 }, 3).route(0)).toBe(0);
  });

  it.each([
    [3, '3'],
    ['1', '"1"'],
    [undefined, 'undefined'],
  ])('says what %o should have been', (index, shown) => {
    const router = new ShardRouter({ policy: 'custom', indexOf: () => index as number }, 3);
    expect(() => router.route(0)).toThrow(
      `shardBy: indexOf must return an integer from 0 to 2, got ${shown}`,
    );
  });
});
