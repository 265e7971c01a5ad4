/**
 * How long something takes, in ms: always the same (a number), or drawn each time, rounded to whole ms, not below 0 and
 * not above `maxMs` (default 60_000).
 */
export type Delay =
  number | UniformDelay | ExponentialDelay | NormalDelay | ParetoDelay | ParetoNormalDelay;

/** Every delay between two as likely as any other. */
export interface UniformDelay {
  /** Selects this distribution. */
  readonly kind: 'uniform';
  /** Shortest, in ms, 0 or more. */
  readonly minMs: number;
  /** Longest, in ms, `minMs` or more. */
  readonly maxMs: number;
}

/** Mostly short, some long: waiting in queues. */
export interface ExponentialDelay {
  /** Selects this distribution. */
  readonly kind: 'exponential';
  /** Mean, in ms, 0 or more. */
  readonly meanMs: number;
  /** Longest, in ms, 0 or more. Default 60_000. */
  readonly maxMs?: number | undefined;
}

/** Around a mean, to both sides alike: jitter. */
export interface NormalDelay {
  /** Selects this distribution. */
  readonly kind: 'normal';
  /** Mean, in ms, 0 or more. */
  readonly meanMs: number;
  /** Standard deviation, in ms, 0 or more. */
  readonly deviationMs: number;
  /** Longest, in ms, 0 or more. Default 60_000. */
  readonly maxMs?: number | undefined;
}

/** Never below a minimum, with a heavy tail: stragglers. */
export interface ParetoDelay {
  /** Selects this distribution. */
  readonly kind: 'pareto';
  /** Shortest, in ms, 0 or more. */
  readonly minMs: number;
  /** Weight of the tail, above 0; the smaller, the heavier. Default 3, netem's. */
  readonly shape?: number | undefined;
  /** Longest, in ms, 0 or more. Default 60_000. */
  readonly maxMs?: number | undefined;
}

/** Around a mean with a heavy tail above it: a quarter normal, three quarters Pareto, as netem has measured networks to be. */
export interface ParetoNormalDelay {
  /** Selects this distribution. */
  readonly kind: 'paretonormal';
  /** Mean, in ms, 0 or more. */
  readonly meanMs: number;
  /** Unit of the scatter, in ms, 0 or more; the standard deviation is a little more. */
  readonly deviationMs: number;
  /** Longest, in ms, 0 or more. Default 60_000. */
  readonly maxMs?: number | undefined;
}
