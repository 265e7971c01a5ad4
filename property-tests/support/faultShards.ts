import { concatMap, delay, map, type Observable, of, Subject, take } from 'rxjs';
import { mergeShards, type MergeShardsEvent, type Shard, shardBy } from 'rxjs-reliable';
import { type Arrival, stoppedUntilMs, VirtualClock } from 'rxjs-reliable/testing';
import type { FaultRules } from './faultCases.js';
import { type Corner, shardCorners } from './faultCorners.js';
import type { FaultCase } from './faultRuns.js';

const shards = 4;
const shardOf = ({ message }: Arrival): number => (message.index >> 2) % shards;

/** The corners that `mergeShards` comes through when shards stop and go on, complete or fail. */
export function runShards(drawn: FaultCase): Corner[] {
  const { arrivals, control, rules, swizzle } = drawn;
  const clock = new VirtualClock();
  const source = new Subject<Arrival>();
  const met = new Set<string>();
  const stopping = (shard: Shard<Arrival>): Observable<Arrival> =>
    shard.pipe(
      concatMap((arrival) => {
        const waitMs = stoppedUntilMs(swizzle, shard.index, clock.now()) - clock.now();
        if (waitMs > 0) met.add('shard stands still');
        return waitMs > 0 ? of(arrival).pipe(delay(waitMs, clock)) : of(arrival);
      }),
      shard.index === 0 ? endingAs(rules.ends) : map((arrival) => arrival),
    );
  source
    .pipe(
      shardBy({ policy: 'custom', indexOf: shardOf }, { shards }),
      mergeShards(stopping, {
        order: { by: ({ message }: Arrival) => message.index, idleMs: rules.idleMs },
        onShardError: 'drop',
        scheduler: clock,
        onEvent: ({ kind }: MergeShardsEvent<Arrival>) => met.add(kind),
      }),
    )
    .subscribe({ error: () => undefined });
  for (const arrival of arrivals) {
    clock.advanceTo(arrival.atMs);
    source.next(arrival);
  }
  clock.flush();
  if (control.end === 'complete') source.complete();
  const names = ['shard-complete', 'shard-error', 'shard stands still', 'late'];
  return [
    ...names.map((name): Corner => [`mergeShards: ${name}`, met.has(name)]),
    ...shardCorners(arrivals, shardOf, rules),
  ];
}

function endingAs(ends: FaultRules['ends']) {
  if (ends === 'completes') return take<Arrival>(2);
  return map((arrival: Arrival, place: number): Arrival => {
    if (ends === 'fails' && place === 2) throw new Error('the shard fails');
    return arrival;
  });
}
