import type { Bench, Check } from './Bench.js';
import type { ContractCallback } from './ContractOptions.js';
import { ensure } from './ensure.js';

/** A callback that throws ends the stream with what it threw. */
export function callbackCheck(name: string): Check {
  return {
    title: `turns an error thrown by \`${name}\` into an error notification`,
    run: (bench) => {
      const callback = bench.settings.callbacks[name];
      ensure(callback !== undefined, `there is no callback \`${name}\``);
      failCallback(bench, name, callback);
    },
  };
}

function failCallback<T, R>(
  bench: Bench<T, R>,
  name: string,
  callback: ContractCallback<T, R>,
): void {
  const error = new Error(`from ${name}`);
  let calls = 0;
  const fail = (): never => {
    calls += 1;
    throw error;
  };
  const { consumer, source, clock } = bench;
  bench.start(callback.make({ scheduler: clock }, fail));
  const ensureEnded = (): void => {
    if (calls > 0) consumer.ensureEnd('error', error);
  };
  ensureEnded();
  for (const message of callback.messages ?? bench.disorderly) {
    source.next(message);
    ensureEnded();
    clock.advanceBy(7);
    ensureEnded();
  }
  bench.finish();
  ensure(calls > 0, `\`${name}\` was never called: give \`messages\` that lead to it`);
  consumer.ensureEnd('error', error);
  bench.ensureReleased();
}
