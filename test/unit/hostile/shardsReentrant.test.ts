/** Shards whose consumers answer, close, leave or send in the middle of something: every message has one account. */
import { NEVER, type Observable, Subject, type Subscription } from 'rxjs';
import { eachMessage, mergeShards, type Shard, shardBy, type ShardByOptions } from 'rxjs-reliable';
import { describe, expect, it } from 'vitest';

interface Setup {
  readonly concurrency?: number;
  readonly onShardError?: 'fail' | 'drop';
  readonly shardOptions?: Partial<ShardByOptions<number>>;
  /** Answers a message. */
  readonly work: (message: number, gate: Subject<string>) => Observable<string>;
  /** Hears of an event of `shardBy`. */
  readonly during: (told: string, rig: { gate: Subject<string>; source: Subject<number> }) => void;
}

/** Sends to one shard by hand, with a log of all that comes of it. */
function run({ concurrency = 1, onShardError, shardOptions, work, during }: Setup) {
  const source = new Subject<number>();
  const gate = new Subject<string>();
  const log: string[] = [];
  source
    .pipe(
      shardBy('round-robin', {
        shards: 1,
        ...shardOptions,
        onEvent: ({ kind, message }) => {
          const told = `${kind} ${String(message)}`;
          log.push(told);
          during(told, { gate, source });
        },
      }),
      mergeShards(
        eachMessage<number, string>((message) => work(message, gate), { concurrency }),
        {
          onShardError,
          onEvent: (event) => {
            if (event.kind === 'dead-letter') log.push(`dead-letter ${String(event.message)}`);
          },
        },
      ),
    )
    .subscribe({ next: (result) => log.push(result), error: () => log.push('error') });
  return { source, gate, log };
}

const toGate: Setup['work'] = (_, gate) => gate;

describe('a shard', () => {
  it('that is closed while it makes room orphans what the room was for', () => {
    const { source, log } = run({
      onShardError: 'drop',
      shardOptions: { maxPending: 2, overflowPolicy: 'drop-oldest' },
      work: toGate,
      during: (told, { gate }) => {
        if (told === 'overflow 1') gate.error(new Error('broken'));
      },
    });
    for (const n of [0, 1, 2]) source.next(n);
    expect(log).toEqual(['overflow 1', 'dead-letter 0', 'orphaned 2']);
  });

  it('does not discard what was answered while another was discarded', () => {
    const { source, log } = run({
      concurrency: 2,
      work: (message, gate) => (message === 0 ? NEVER : gate),
      during: (told, { gate }) => {
        if (told !== 'discarded 0') return;
        gate.next('answer');
        gate.complete();
      },
    });
    source.next(0);
    source.next(1);
    source.error(new Error('broken'));
    expect(log).toEqual(['discarded 0', 'answer', 'error']);
  });

  it('does not discard what was orphaned while another was discarded', () => {
    const { source, log } = run({
      concurrency: 2,
      onShardError: 'drop',
      work: (message, gate) => (message === 0 ? NEVER : gate),
      during: (told, { gate }) => {
        if (told === 'discarded 0') gate.error(new Error('broken'));
      },
    });
    for (const n of [0, 1, 2]) source.next(n);
    source.error(new Error('broken'));
    const accounts = log.filter((told) => told !== 'error');
    expect(accounts.map((told) => told.split(' ')[1]).sort()).toEqual(['0', '1', '2']);
  });

  it('orphans what is sent while it discards', () => {
    const { source, gate, log } = run({
      work: toGate,
      during: (told, { source: again }) => {
        if (told === 'discarded 1') again.next(11);
      },
    });
    source.next(0);
    source.next(1);
    gate.error(new Error('broken'));
    expect(log).toEqual(['dead-letter 0', 'discarded 1', 'orphaned 11', 'error']);
  });
});

describe('a consumer of shards that leaves', () => {
  const listen = (
    makeOptions: (leave: () => void) => {
      readonly route: (message: number) => number;
      readonly options?: Partial<ShardByOptions<number, number>>;
    },
  ) => {
    const source = new Subject<number>();
    const shards: Shard<number>[] = [];
    const leave = (): void => {
      subscription.unsubscribe();
    };
    const { route, options } = makeOptions(leave);
    const subscription: Subscription = source
      .pipe(shardBy(route, { shards: 1, ...options }))
      .subscribe((shard) => shards.push(shard));
    return { source, shards };
  };

  it('while room is made for a message leaves nothing behind', () => {
    const { source, shards } = listen((leave) => ({
      route: () => 0,
      options: { maxPending: 1, overflowPolicy: 'drop-oldest', onEvent: leave },
    }));
    source.next(0);
    source.next(1);
    expect(shards.map(({ pending }) => pending)).toEqual([0]);
  });

  it('while a message is routed leaves nothing behind', () => {
    const { source, shards } = listen((leave) => ({
      route: (message) => {
        leave();
        return message;
      },
    }));
    source.next(0);
    expect(shards.map(({ pending }) => pending)).toEqual([0]);
  });
});

describe('a callback of shardBy that fails later', () => {
  it('fails the shards, too, after the stream of shards', async () => {
    const source = new Subject<number>();
    const log: string[] = [];
    const shards: Shard<number>[] = [];
    source
      .pipe(
        shardBy('round-robin', {
          shards: 1,
          maxPending: 1,
          overflowPolicy: 'drop-newest',
          // eslint-disable-next-line @typescript-eslint/no-misused-promises -- that is what is tested
          onEvent: () => Promise.reject(new Error('too late')),
        }),
      )
      .subscribe({
        next: (shard) => shards.push(shard),
        error: (error: unknown) => log.push(`stream: ${String(error)}`),
      });
    source.next(0);
    source.next(1);
    for (const shard of shards) {
      shard.subscribe({ error: (error: unknown) => log.push(`shard: ${String(error)}`) });
    }
    await Promise.resolve();
    expect(log).toEqual(['stream: Error: too late', 'shard: Error: too late']);
  });
});
