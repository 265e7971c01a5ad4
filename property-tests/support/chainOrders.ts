import type { StageName } from './chainStages.js';

const stages: readonly StageName[] = ['dedupe', 'gaps', 'reorder', 'sla', 'shards'];

/** The operators in every order there is, shardBy and mergeShards side by side. */
export const allOrders: readonly (readonly StageName[])[] = ordersOf(stages);

/** The orders that make sense; docs/ORDERS.md says why no others do. */
export const sensibleOrders: readonly (readonly StageName[])[] = allOrders.filter(
  (order) =>
    order.indexOf('dedupe') < order.indexOf('gaps') &&
    order.indexOf('gaps') < order.indexOf('reorder'),
);

function ordersOf(names: readonly StageName[]): StageName[][] {
  if (names.length === 0) return [[]];
  return names.flatMap((first) =>
    ordersOf(names.filter((name) => name !== first)).map((rest) => [first, ...rest]),
  );
}
