import { from, type ObservableInput } from 'rxjs';
import type { Inlet, Outlet } from './operate.js';
import type { Enter } from './operateTimed.js';

/** What runs pipelines inside an operator; `settle` where something may be due. */
export function pipelineHost<R>(outlet: Outlet<R>, settle: Enter | undefined) {
  return {
    get closed() {
      return outlet.closed;
    },
    listen: (make: () => unknown, inlet: Inlet<unknown>) => {
      outlet.listen(() => from(make() as ObservableInput<unknown>), inlet);
    },
    interlude: (work: () => void) => {
      outlet.interlude(work);
    },
    enter: (work: () => void) => {
      outlet.enter(work);
    },
    settle,
    fail: (error: unknown) => {
      outlet.fail(error);
    },
    complete: () => {
      outlet.complete();
    },
  };
}
