/** dedupeWithin, one thing done to it after another, beside a list of the keys it remembers. */
import * as fc from 'fast-check';
import { dedupeWithin, type DedupeWindowOptions } from 'rxjs-reliable';
import { describe, expect, it } from 'vitest';
import { checkerOf } from '../support/check.js';
import { CommandRig } from '../support/CommandRig.js';
import { type Model, type Numbered, runCommands, stepsOf } from '../support/modelCommands.js';
import { Tally } from '../support/Tally.js';

interface Drawn {
  readonly key: number;
}
type Message = Numbered<Drawn>;

interface Rules {
  readonly kind: 'time' | 'refreshed' | 'count' | 'sequence';
  /** How many ms, keys or numbers are remembered. */
  readonly size: number;
  readonly maxKeys: number;
  readonly repeatPolicy: 'drop' | 'pass';
  /** What the window of numbers does with what is below it. */
  readonly latePolicy: LatePolicy;
}

/** So many that none is ever evicted. */
const roomyKeys = 1_000;

type LatePolicy = 'drop' | 'emit' | 'error';

function lateLines(id: number, policy: LatePolicy): string[] {
  if (policy === 'emit') return [`late #${String(id)} passed`, `out ${String(id)}`];
  const dropped = `late #${String(id)} dropped`;
  return policy === 'drop' ? [dropped] : [dropped, 'LateMessageError'];
}

function repeatLines(id: number, policy: 'drop' | 'pass'): string[] {
  if (policy === 'drop') return [`duplicate #${String(id)} dropped`];
  return [`duplicate #${String(id)} passed`, `out ${String(id)}`];
}

/** The keys that came, each once, the one that came first in front. */
class Remembered implements Model<Message> {
  readonly held = 0;
  readonly dueMs = Infinity;
  hasFailed = false;
  #keys: { readonly key: number; sinceMs: number }[] = [];

  constructor(private readonly rules: Rules) {}

  settle(): string[] {
    return [];
  }

  push({ id, key }: Message, nowMs: number): string[] {
    const { kind, latePolicy, repeatPolicy, size } = this.rules;
    const isTimed = kind === 'time' || kind === 'refreshed';
    if (isTimed) this.#keys = this.#keys.filter(({ sinceMs }) => nowMs - sinceMs < size);
    const high = Math.max(...this.#keys.map((one) => one.key));
    if (kind === 'sequence' && key <= high - size) {
      this.hasFailed = latePolicy === 'error';
      return lateLines(id, latePolicy);
    }
    const known = this.#keys.find((one) => one.key === key);
    if (known === undefined) return [...this.#remember(key, nowMs), `out ${String(id)}`];
    if (kind === 'refreshed') this.#remember(key, nowMs);
    return repeatLines(id, repeatPolicy);
  }

  end(how: 'complete' | 'error'): string[] {
    return [how];
  }

  #remember(key: number, nowMs: number): string[] {
    const { kind, maxKeys, size } = this.rules;
    this.#keys = [...this.#keys.filter((one) => one.key !== key), { key, sinceMs: nowMs }];
    const limit = kind === 'count' ? size : kind === 'sequence' ? Infinity : maxKeys;
    if (this.#keys.length <= limit) return [];
    const [oldest] = this.#keys.splice(0, 1);
    return kind === 'count' ? [] : [`evicted ${String(oldest?.key)}`];
  }
}

interface Happening {
  readonly key: number;
  /** How far its event time is ahead of its place among the messages; null for none. */
  readonly ahead: number | null;
}
type Dated = Numbered<Happening>;

interface WatermarkRules {
  readonly delayMs: number;
  /** null stands for `Infinity`. */
  readonly maxSkewMs: number | null;
  readonly maxKeys: number;
  readonly repeatPolicy: 'drop' | 'pass';
  readonly latePolicy: LatePolicy;
}

/** Grows about as fast as the clock runs. Where keys are evicted no two are equal: of equally old ones any may go. */
function timeOf({ ahead, id }: Dated, { maxKeys }: WatermarkRules): number {
  const apartMs = maxKeys < roomyKeys ? (id % 16) / 16 : 0;
  return ahead === null ? NaN : 3 * id + ahead + apartMs;
}

/** The keys that came, each with the time of its first event. */
class Dates implements Model<Dated> {
  readonly held = 0;
  readonly dueMs = Infinity;
  hasFailed = false;
  #keys: { readonly key: number; readonly timeMs: number }[] = [];
  #greatestMs = -Infinity;

  constructor(private readonly rules: WatermarkRules) {}

  settle(): string[] {
    return [];
  }

  push(message: Dated, nowMs: number): string[] {
    const { delayMs, latePolicy, maxSkewMs, repeatPolicy } = this.rules;
    const { id, key } = message;
    const timeMs = timeOf(message, this.rules);
    if (Number.isNaN(timeMs)) return [`invalid type #${String(id)} dropped`];
    if (timeMs > nowMs + (maxSkewMs ?? Infinity)) return [`invalid skew #${String(id)} dropped`];
    // A message is judged by those before it.
    const watermark = this.#greatestMs - delayMs;
    if (timeMs <= watermark) {
      this.hasFailed = latePolicy === 'error';
      return lateLines(id, latePolicy);
    }
    this.#greatestMs = Math.max(this.#greatestMs, timeMs);
    this.#keys = this.#keys.filter((one) => one.timeMs + delayMs > watermark);
    if (this.#keys.some((one) => one.key === key)) return repeatLines(id, repeatPolicy);
    const evicted = this.#evict();
    this.#keys.push({ key, timeMs });
    return [...evicted, `out ${String(id)}`];
  }

  end(how: 'complete' | 'error'): string[] {
    return [how];
  }

  /** Makes room for one more. */
  #evict(): string[] {
    if (this.#keys.length < this.rules.maxKeys) return [];
    this.#keys.sort((one, other) => one.timeMs - other.timeMs);
    const [oldest] = this.#keys.splice(0, 1);
    return [`evicted ${String(oldest?.key)}`];
  }
}

function windowOf({ kind, latePolicy, size }: Rules): DedupeWindowOptions<Message> {
  if (kind === 'count') return { kind, count: size };
  if (kind === 'sequence') return { kind, size, latePolicy, sequenceOf: ({ key }) => key };
  return { kind: 'time', ms: size, refresh: kind === 'refreshed' };
}

function watermarkOf(rules: WatermarkRules): DedupeWindowOptions<Dated> {
  const { delayMs, latePolicy } = rules;
  const maxSkewMs = rules.maxSkewMs ?? Infinity;
  const eventTimeOf = (message: Dated): number => timeOf(message, rules);
  return { kind: 'watermark', delayMs, maxSkewMs, latePolicy, eventTimeOf };
}

const upTo = (max: number, min = 0): fc.Arbitrary<number> => fc.integer({ min, max });
const maxKeys = fc.oneof(upTo(4, 1), fc.constant(roomyKeys));
const repeatPolicy = fc.constantFrom('drop' as const, 'pass' as const);
/** An error ends the subscription, so that little else is seen of it. */
const latePolicy = fc.constantFrom<LatePolicy[]>('drop', 'drop', 'emit', 'emit', 'error');
const ruleSet: fc.Arbitrary<Rules> = fc.record({
  kind: fc.constantFrom('time', 'refreshed', 'count', 'sequence'),
  size: upTo(30, 1),
  ...{ maxKeys, repeatPolicy, latePolicy },
});
const steps = stepsOf<Drawn>(fc.record({ key: fc.oneof(upTo(4), upTo(60)) }), 30);
const corners = [
  ...['duplicate passed', 'duplicate dropped', 'evicted', 'late dropped', 'late passed'],
  ...['LateMessageError', 'complete', 'error'],
];

const watermarkRuleSet: fc.Arbitrary<WatermarkRules> = fc.record({
  delayMs: upTo(30),
  maxSkewMs: fc.option(upTo(40)),
  ...{ maxKeys, repeatPolicy, latePolicy },
});
const ahead = fc.oneof(
  { weight: 8, arbitrary: upTo(6, -6) },
  { weight: 8, arbitrary: upTo(20, -20) },
  { weight: 1, arbitrary: fc.constant(null) },
);
const watermarkSteps = stepsOf<Happening>(
  fc.record({ key: fc.oneof(upTo(4), upTo(20)), ahead }),
  30,
);
const watermarkCorners = [...corners, 'invalid type dropped', 'invalid skew dropped', 'out'];

describe('dedupeWithin', () => {
  it('does at every step what a list of the keys that came says', () => {
    const met = new Tally();
    checkerOf('dedupeWithin').check('commands', 5_000, [ruleSet, steps], (rules, list) => {
      const { maxKeys, repeatPolicy } = rules;
      const keyBy = rules.kind === 'sequence' ? undefined : ({ key }: Message): number => key;
      const rig = new CommandRig<Message>((scheduler, onEvent) =>
        dedupeWithin<Message, number>(windowOf(rules), {
          ...{ keyBy, maxKeys, repeatPolicy, scheduler, onEvent },
        }),
      );
      met.add(runCommands({ rig, model: () => new Remembered(rules) }, list));
      expect(rig.clock.scheduled).toBe(0);
    });
    expect(met.rare(corners)).toEqual([]);
  });

  it('does at every step what a list of event times says', () => {
    const met = new Tally();
    const drawn = fc.record({ rules: watermarkRuleSet, list: watermarkSteps });
    checkerOf('dedupeWithin').check('commands: watermark', 5_000, [drawn], ({ rules, list }) => {
      const rig = new CommandRig<Dated>((scheduler, onEvent) =>
        dedupeWithin<Dated, number>(watermarkOf(rules), {
          ...{ keyBy: ({ key }) => key, maxKeys: rules.maxKeys, repeatPolicy: rules.repeatPolicy },
          ...{ scheduler, onEvent },
        }),
      );
      met.add(runCommands({ rig, model: () => new Dates(rules) }, list));
      expect(rig.clock.scheduled).toBe(0);
    });
    expect(met.rare(watermarkCorners)).toEqual([]);
  });
});
