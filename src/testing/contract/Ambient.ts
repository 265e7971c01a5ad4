/** What a program can reach without being given it: clocks, timers and chance. */
interface Place {
  readonly holder: object;
  readonly name: string;
  /** What it is called where it is complained of. */
  readonly label: string;
}

type AnyFunction = (...args: unknown[]) => unknown;

/** A timer that was set while timers were captured. */
interface Captured {
  readonly callback: () => unknown;
  isCleared: boolean;
}

const scope = globalThis as unknown as { readonly performance?: object };

/** Whatever of these exists here. */
function forbiddenPlaces(): Place[] {
  const timers = ['setTimeout', 'setInterval', 'setImmediate', 'requestAnimationFrame'];
  return [
    ...[...timers, 'queueMicrotask'].map((name) => ({ holder: scope, name, label: name })),
    { holder: Date, name: 'now', label: 'Date.now' },
    { holder: scope.performance ?? {}, name: 'now', label: 'performance.now' },
    { holder: Math, name: 'random', label: 'Math.random' },
  ].filter((place) => typeof read(place) === 'function');
}

function read({ holder, name }: Omit<Place, 'label'>): unknown {
  return (holder as Record<string, unknown>)[name];
}

/** Puts `replacement` in a place; what is returned takes it out again. */
function replace({ holder, name }: Omit<Place, 'label'>, replacement: AnyFunction): () => void {
  const original = Object.getOwnPropertyDescriptor(holder, name);
  Object.defineProperty(holder, name, {
    value: replacement,
    configurable: true,
    writable: true,
    enumerable: original?.enumerable ?? false,
  });
  return () => {
    if (original === undefined) Reflect.deleteProperty(holder, name);
    else Object.defineProperty(holder, name, original);
  };
}

/** Runs `work` while every ambient clock, timer and source of chance throws, and fails if one was used. */
export function withoutAmbient(work: () => void): void {
  const used = new Set<string>();
  const restorations = forbiddenPlaces().map((place) => {
    return replace(place, () => {
      used.add(place.label);
      throw new Error(`${place.label} was called although a scheduler was given`);
    });
  });
  try {
    work();
  } finally {
    for (const restore of restorations) restore();
    // Whatever became of the exception: the call is the finding.
    if (used.size > 0) complainOfUse(used);
  }
}

function complainOfUse(used: ReadonlySet<string>): never {
  throw new Error(`used ${[...used].join(', ')} although a scheduler was given`);
}

/** Runs `work` while real timers are caught: fails if one is left, or if an error was thrown where nobody can catch it. */
export function withTimersCaught(work: () => void): void {
  const caught: Captured[] = [];
  const set: AnyFunction = (callback, _delayMs, ...args) => {
    const timer = {
      callback: () => (callback as AnyFunction)(...args),
      isCleared: false,
      ref: () => timer,
      unref: () => timer,
    };
    caught.push(timer);
    return timer;
  };
  const clear: AnyFunction = (timer) => {
    if (typeof timer === 'object' && timer !== null) (timer as Captured).isCleared = true;
  };
  const restorations = [
    ...['setTimeout', 'setInterval'].map((name) => replace({ holder: scope, name }, set)),
    ...['clearTimeout', 'clearInterval'].map((name) => replace({ holder: scope, name }, clear)),
  ];
  let left: readonly Captured[];
  try {
    work();
  } finally {
    for (const restore of restorations) restore();
    left = caught.filter(({ isCleared }) => !isCleared);
  }
  // RxJS reports errors that have nowhere to go by throwing them from a timer.
  for (const { callback } of left) runReport(callback);
  if (left.length > 0) {
    throw new Error(`${String(left.length)} real timers are left although a scheduler was given`);
  }
}

function runReport(callback: () => unknown): void {
  try {
    callback();
  } catch (error) {
    throw new Error(`an error was thrown where nobody can catch it: ${String(error)}`, {
      cause: error,
    });
  }
}
