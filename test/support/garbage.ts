import { setImmediate } from 'node:timers/promises';

/** Whether nothing keeps `reference`'s object alive (`--expose-gc` is on). */
export async function isCollected(reference: WeakRef<object>): Promise<boolean> {
  for (let round = 0; round < 10 && reference.deref() !== undefined; round += 1) {
    await setImmediate(); // a deref keeps the object for the rest of this job
    globalThis.gc?.();
  }
  return reference.deref() === undefined;
}
