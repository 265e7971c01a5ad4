import { describe, expect, it } from 'vitest';
import { RequestPool, type Requester } from '../../../src/core/RequestPool.js';

/** Somebody with so many requests to make. */
class Asker implements Requester {
  constructor(
    private readonly name: string,
    private readonly pool: RequestPool,
    private left: number,
    private readonly log: string[],
  ) {}

  requestNext(nowMs: number): boolean {
    if (this.left > 0) {
      this.pool.enter();
      this.left -= 1;
      this.log.push(`${this.name}@${String(nowMs)}`);
    }
    return this.left > 0;
  }
}

const now = (): number => 5;

describe('RequestPool', () => {
  it('is full at its bound', () => {
    const pool = new RequestPool(2);
    expect(pool.isFull).toBe(false);
    pool.enter();
    expect(pool.isFull).toBe(false);
    pool.enter();
    expect(pool.isFull).toBe(true);
    pool.leave();
    expect(pool.isFull).toBe(false);
  });

  it('serves those who wait in turn, one request each', () => {
    const log: string[] = [];
    const pool = new RequestPool(4);
    pool.wait(new Asker('a', pool, 3, log));
    pool.wait(new Asker('b', pool, 1, log));
    pool.serve(now);
    expect(log).toEqual(['a@5', 'b@5', 'a@5', 'a@5']);
    expect(pool.isFull).toBe(true);
  });

  it('serves no more than it has room for, and goes on when there is room', () => {
    const log: string[] = [];
    const pool = new RequestPool(1);
    pool.wait(new Asker('a', pool, 2, log));
    pool.wait(new Asker('b', pool, 1, log));
    pool.serve(now);
    pool.serve(now);
    expect(log).toEqual(['a@5']);
    pool.leave();
    pool.serve(now);
    pool.leave();
    pool.serve(now);
    pool.leave();
    pool.serve(now);
    expect(log).toEqual(['a@5', 'b@5', 'a@5']);
  });

  it('passes over those who have nothing to ask any more', () => {
    const log: string[] = [];
    const pool = new RequestPool(1);
    pool.wait(new Asker('a', pool, 0, log));
    pool.wait(new Asker('b', pool, 1, log));
    pool.serve(now);
    expect(log).toEqual(['b@5']);
  });

  it('reads the time only if somebody waits', () => {
    const pool = new RequestPool(1);
    pool.serve(() => {
      throw new Error('read');
    });
    expect(pool.isFull).toBe(false);
  });
});
