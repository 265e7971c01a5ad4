/** Runs `work` while every clock, timer and source of chance but those passed to it throws. */
export function withoutAmbient<R>(work: () => R): R {
  const forbidden: readonly (readonly [object, string])[] = [
    [Date, 'now'],
    [performance, 'now'],
    [Math, 'random'],
    [globalThis, 'setTimeout'],
    [globalThis, 'setInterval'],
    [globalThis, 'queueMicrotask'],
  ];
  const restore = forbidden.map(([owner, name]) => forbid(owner, name));
  try {
    return work();
  } finally {
    for (const undo of restore) undo();
  }
}

function forbid(owner: object, name: string): () => void {
  const original = Reflect.get(owner, name) as unknown;
  const value = (): never => {
    throw new Error(`${name} was called`);
  };
  Reflect.set(owner, name, value);
  return () => {
    Reflect.set(owner, name, original);
  };
}
