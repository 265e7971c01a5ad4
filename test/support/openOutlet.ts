import { Subject } from 'rxjs';
import type { Outlet } from '../../src/rx/operate.js';
import { passing } from './passing.js';
import { record } from './record.js';

/** Hands out the outlet of a subscription. */
export function openOutlet<T = unknown>() {
  const source = new Subject<T>();
  let given: Outlet<T> | undefined;
  const log: unknown[] = record(
    source.pipe(
      passing<T>((outlet) => {
        given = outlet;
        return {};
      }),
    ),
  );
  if (given === undefined) throw new Error('no outlet');
  return { source, outlet: given, log };
}
