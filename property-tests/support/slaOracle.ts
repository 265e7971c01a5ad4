import type { SlaLimit } from 'rxjs-reliable';
import { sourceError, type TimedEntry, type TimedScript } from './runTimed.js';

/** A message to be watched. */
export interface SlaMessage {
  readonly id: string;
  readonly key: number;
  /** When its event happened, in ms after the subscription, or what is left of it. */
  readonly timeMs: number;
  /** The transactions it begins and finishes; null for none. */
  readonly starts: number | null;
  readonly finishes: number | null;
}

/** What `slaTimeout` is told, as plain JSON; null stands for what is not given. */
export interface SlaRules {
  readonly firstMs: number | null;
  readonly silenceMs: number | null;
  readonly totalMs: number | null;
  readonly responseMs: number | null;
  readonly withinMs: number | null;
  readonly keyed: boolean;
  readonly maxKeys: number;
  readonly softMs: number | null;
  readonly breachPolicy: 'report' | 'drop' | 'error' | 'switch';
  /** What takes the place of the source: values that come at once, or nothing for ever. */
  readonly spare: readonly string[] | null;
  readonly objective: { readonly ratio: number; readonly windowMs: number } | null;
  readonly markers: boolean;
}

/** What is heard of a breach but its events. */
export interface BreachFields {
  readonly limit: SlaLimit;
  readonly deadlineMs: number;
  readonly elapsedMs: number;
  readonly key: number | undefined;
  readonly transaction: unknown;
  readonly message: SlaMessage | undefined;
}

/** One thing that has to happen in time. */
interface Guarantee {
  /** Its place in the order in which due ones of one instant are told. */
  readonly order: number;
  readonly limit: SlaLimit;
  readonly key: number | undefined;
  readonly transaction: number | undefined;
  readonly message: SlaMessage | undefined;
  readonly sinceMs: number;
  readonly limitMs: number;
  isOpen: boolean;
}

/** What an arrival does, in order; guarantees by their place in the list of all. */
type Effect =
  | { readonly kind: 'kept'; readonly place: number }
  | { readonly kind: 'abandoned'; readonly place: number }
  | { readonly kind: 'invalid'; readonly reason: string }
  | { readonly kind: 'response'; readonly elapsedMs: number };

interface Arrived {
  readonly message: SlaMessage;
  readonly atMs: number;
}

/** Everything that follows from the arrivals alone. */
interface History {
  readonly guarantees: readonly Guarantee[];
  /** What the last arrival does. */
  readonly effects: readonly Effect[];
}

/** Plays all arrivals again, from the beginning, on plain lists. */
function replay(rules: SlaRules, arrivals: readonly Arrived[]): History {
  const guarantees: Guarantee[] = [];
  /** Places of those that are open, in the order of beginning. */
  let places: number[] = [];
  let orders = 0;
  const begin = (
    limit: SlaLimit,
    sinceMs: number,
    limitMs: number,
    of: Partial<Guarantee> = {},
  ): void => {
    const { key, transaction, message, order = orders++ } = of;
    const isOpen = true;
    places.push(guarantees.length);
    guarantees.push({ order, limit, key, transaction, message, sinceMs, limitMs, isOpen });
  };
  const open = (limit: SlaLimit): Guarantee[] =>
    places.flatMap((place) => {
      const one = guarantees[place];
      return one?.limit === limit ? [one] : [];
    });

  const { firstMs, keyed, maxKeys, silenceMs, totalMs, withinMs, responseMs } = rules;
  if (firstMs !== null) begin('first', 0, firstMs);
  else if (silenceMs !== null && !keyed) begin('silence', 0, silenceMs);
  if (totalMs !== null) begin('total', 0, totalMs);

  let effects: Effect[] = [];
  const close = (kind: 'kept' | 'abandoned', one: Guarantee): void => {
    one.isOpen = false;
    const place = guarantees.indexOf(one);
    places = places.filter((other) => other !== place);
    effects.push(kind === 'kept' ? { kind, place } : { kind, place });
  };
  for (const { message, atMs } of arrivals) {
    effects = [];
    const key = keyed ? message.key : undefined;
    for (const one of open('first')) close('kept', one);
    if (silenceMs !== null) {
      const silences = open('silence');
      const ours = silences.find((one) => one.key === key);
      if (ours !== undefined) {
        close('kept', ours);
        begin('silence', atMs, silenceMs, { key, order: ours.order });
      } else {
        // The list is in the order of last arrivals.
        const [oldest] = silences;
        if (keyed && silences.length >= maxKeys && oldest !== undefined) close('abandoned', oldest);
        begin('silence', atMs, silenceMs, { key });
      }
    }
    const { finishes, starts } = message;
    if (withinMs !== null && finishes !== null) {
      const ours = open('transaction').find((one) => one.transaction === finishes);
      if (ours === undefined) effects.push({ kind: 'invalid', reason: 'not-started' });
      else close('kept', ours);
    }
    if (withinMs !== null && starts !== null) {
      const running = open('transaction');
      if (running.some((one) => one.transaction === starts)) {
        effects.push({ kind: 'invalid', reason: 'started-twice' });
      } else {
        const [oldest] = running;
        if (running.length >= maxKeys && oldest !== undefined) close('abandoned', oldest);
        begin('transaction', atMs, withinMs, { key, transaction: starts, message });
      }
    }
    if (responseMs !== null) {
      if (Number.isFinite(message.timeMs)) {
        effects.push({ kind: 'response', elapsedMs: atMs - message.timeMs });
      } else {
        effects.push({ kind: 'invalid', reason: 'type' });
      }
    }
  }
  return { guarantees, effects };
}

/** Ends the stream, or what is heard of the source. */
class Ended extends Error {
  constructor(readonly breach: BreachFields) {
    super();
  }
}

/** What `slaTimeout` has to do, worked out from all arrivals at every instant anew. Times count from the subscription. */
class SlaOracle {
  readonly log: TimedEntry[] = [];
  readonly #arrivals: Arrived[] = [];
  #history: History;
  /** What was told of each guarantee, by its place. */
  readonly #told = new Map<number, 'warned' | 'breached'>();
  readonly #outcomes: { readonly isGood: boolean; readonly atMs: number }[] = [];
  #isMet = true;
  /** When outcomes were counted last. */
  #countedMs = -Infinity;

  constructor(
    private readonly rules: SlaRules,
    /** What the clock showed at the subscription. */
    private readonly baseMs: number,
  ) {
    this.#history = replay(rules, []);
  }

  dueMs(): number {
    return Math.min(this.#nextExpiryMs(), ...this.#due().map(({ atMs }) => atMs));
  }

  /** Does one of the things that are due at `nowMs`. */
  settle(nowMs: number): void {
    if (this.#nextExpiryMs() === nowMs) {
      this.#compare(nowMs);
      return;
    }
    const [next] = this.#due()
      .filter(({ atMs }) => atMs === nowMs)
      .sort((one, other) => one.guarantee.order - other.guarantee.order);
    if (next === undefined) throw new Error(`nothing is due at ${String(nowMs)}`);
    const { guarantee, place, stage } = next;
    this.#told.set(place, stage);
    const elapsedMs = stage === 'warned' ? this.#softMs(guarantee.limitMs) : guarantee.limitMs;
    if (stage === 'warned') {
      this.#tell({ kind: 'warning', ...describe(guarantee), elapsedMs }, nowMs);
    } else {
      this.#breach({ ...describe(guarantee), elapsedMs }, nowMs);
    }
  }

  take(message: SlaMessage, nowMs: number): void {
    this.#arrivals.push({ message, atMs: nowMs });
    this.#history = replay(this.rules, this.#arrivals);
    const key = this.rules.keyed ? message.key : undefined;
    let isSlow = false;
    for (const effect of this.#history.effects) {
      if (effect.kind === 'kept') {
        this.#keep(effect.place, nowMs);
      } else if (effect.kind === 'abandoned') {
        const guarantee = describe(this.#at(effect.place));
        this.#tell({ kind: 'abandoned', ...guarantee, reason: 'overflow' }, nowMs);
      } else if (effect.kind === 'invalid') {
        const { reason } = effect;
        this.#tell({ kind: 'invalid', message, key, reason, passed: true }, nowMs);
      } else {
        isSlow = this.#judgeResponse(message, key, effect.elapsedMs, nowMs);
      }
    }
    if (isSlow && this.rules.breachPolicy === 'drop') return;
    this.log.push({ atMs: nowMs, kind: 'next', value: message });
  }

  complete(nowMs: number): void {
    const places = [...this.#history.guarantees.keys()];
    const total = places.find((place) => this.#at(place).limit === 'total');
    if (total !== undefined) {
      this.#at(total).isOpen = false;
      this.#keep(total, nowMs);
    }
    this.abandon('completed', nowMs);
    this.log.push({ atMs: nowMs, kind: 'complete' });
  }

  /** Tells what will never be known. */
  abandon(reason: string, nowMs: number): void {
    for (const limit of ['first', 'total', 'transaction']) {
      for (const [place, one] of this.#history.guarantees.entries()) {
        if (one.limit !== limit || !one.isOpen || this.#told.get(place) === 'breached') continue;
        this.#tell({ kind: 'abandoned', ...describe(one), reason }, nowMs);
      }
    }
  }

  #at(place: number): Guarantee {
    const guarantee = this.#history.guarantees[place];
    if (guarantee === undefined) throw new Error(`there is no guarantee ${String(place)}`);
    return guarantee;
  }

  #softMs(limitMs: number): number {
    const softMs = this.rules.softMs ?? Infinity;
    return softMs < 1 ? softMs * limitMs : softMs;
  }

  #due(): { atMs: number; guarantee: Guarantee; place: number; stage: 'warned' | 'breached' }[] {
    return this.#history.guarantees.flatMap((guarantee, place) => {
      const { isOpen, limitMs, sinceMs } = guarantee;
      const told = this.#told.get(place);
      if (!isOpen || told === 'breached') return [];
      const softMs = this.#softMs(limitMs);
      const isWarning = told === undefined && softMs < limitMs;
      const atMs = sinceMs + (isWarning ? softMs : limitMs);
      return [{ atMs, guarantee, place, stage: isWarning ? 'warned' : 'breached' } as const];
    });
  }

  #keep(place: number, nowMs: number): void {
    if (this.#told.get(place) !== 'breached') {
      this.#judge(true, nowMs);
      return;
    }
    const guarantee = describe(this.#at(place));
    const lateByMs = nowMs - guarantee.deadlineMs;
    this.#tell({ kind: 'recovered', ...guarantee, lateByMs }, nowMs);
  }

  #judgeResponse(
    message: SlaMessage,
    key: number | undefined,
    elapsedMs: number,
    nowMs: number,
  ): boolean {
    const limitMs = this.rules.responseMs ?? Infinity;
    const deadlineMs = message.timeMs + limitMs;
    const transaction = undefined;
    const about = { limit: 'response', deadlineMs, key, transaction, message, elapsedMs } as const;
    if (elapsedMs >= limitMs) {
      this.#breach(about, nowMs);
      return true;
    }
    this.#judge(true, nowMs);
    if (elapsedMs >= this.#softMs(limitMs)) this.#tell({ kind: 'warning', ...about }, nowMs);
    return false;
  }

  #breach(breach: BreachFields, nowMs: number): void {
    const { breachPolicy, markers } = this.rules;
    this.#tell({ kind: 'breach', ...breach }, nowMs);
    this.#judge(false, nowMs);
    if (markers) this.log.push({ atMs: nowMs, kind: 'next', value: { marker: true, ...breach } });
    if (breachPolicy === 'error' || breachPolicy === 'switch') throw new Ended(breach);
  }

  #judge(isGood: boolean, nowMs: number): void {
    if (this.rules.objective === null) return;
    this.#outcomes.push({ isGood, atMs: nowMs });
    this.#compare(nowMs);
  }

  /** When an outcome of this instant is forgotten: windows are counted from time 0 of the clock, in sixtieths. */
  #expiryMs(atMs: number): number {
    const partMs = (this.rules.objective?.windowMs ?? NaN) / 60;
    return (Math.floor((this.baseMs + atMs) / partMs) + 60) * partMs - this.baseMs;
  }

  #nextExpiryMs(): number {
    const expiries = this.#outcomes.map(({ atMs }) => this.#expiryMs(atMs));
    return Math.min(Infinity, ...expiries.filter((atMs) => atMs > this.#countedMs));
  }

  #compare(nowMs: number): void {
    this.#countedMs = nowMs;
    const wanted = this.rules.objective?.ratio ?? 0;
    const counted = this.#outcomes.filter(({ atMs }) => this.#expiryMs(atMs) > nowMs);
    const good = counted.filter(({ isGood }) => isGood).length;
    const ratio = counted.length === 0 ? 1 : good / counted.length;
    const isMet = ratio >= wanted;
    if (isMet === this.#isMet) return;
    this.#isMet = isMet;
    const kind = isMet ? 'objective-met' : 'objective-missed';
    const burnRate = ratio === 1 ? 0 : (1 - ratio) / (1 - wanted);
    this.#tell({ kind, key: undefined, ratio, burnRate }, nowMs);
  }

  #tell(event: object, atMs: number): void {
    this.log.push({ atMs, kind: 'event', event });
  }
}

function describe(guarantee: Guarantee): Omit<BreachFields, 'elapsedMs'> {
  const { key, limit, limitMs, message, sinceMs, transaction } = guarantee;
  return { limit, deadlineMs: sinceMs + limitMs, key, transaction, message };
}

/** What has to be heard from `slaTimeout`, with an exact clock; a breach stands for the error or marker made of it. */
export function expectedSlaLog(
  rules: SlaRules,
  { arrivals, control }: TimedScript<SlaMessage>,
  baseMs: number,
): TimedEntry[] {
  const oracle = new SlaOracle(rules, baseMs);
  const { log } = oracle;
  const { end = 'none', endAtMs = 0, unsubscribeAtMs = null } = control ?? {};
  const leaveMs = unsubscribeAtMs ?? Infinity;
  const endMs = end === 'none' ? Infinity : endAtMs;
  let nowMs = 0;
  const settleUntil = (untilMs: number): void => {
    for (;;) {
      const dueMs = oracle.dueMs();
      if (dueMs > untilMs || dueMs === Infinity) break;
      nowMs = dueMs;
      oracle.settle(dueMs);
    }
    nowMs = untilMs;
  };
  try {
    for (const { atMs, message } of arrivals) {
      if (atMs > leaveMs || atMs > endMs) break;
      settleUntil(atMs);
      oracle.take(message, atMs);
    }
    settleUntil(Math.min(leaveMs, endMs));
  } catch (ended) {
    if (!(ended instanceof Ended)) throw ended;
    endByBreach(rules, oracle, ended.breach, nowMs);
    return log;
  }
  if (endMs > leaveMs || endMs === Infinity) return log;
  if (end === 'error') {
    oracle.abandon('error', endMs);
    log.push({ atMs: endMs, kind: 'error', error: sourceError });
  } else {
    oracle.complete(endMs);
  }
  return log;
}

function endByBreach(
  { breachPolicy, spare }: SlaRules,
  oracle: SlaOracle,
  breach: BreachFields,
  atMs: number,
): void {
  const { log } = oracle;
  if (breachPolicy === 'error') {
    oracle.abandon('error', atMs);
    const { deadlineMs, elapsedMs, limit } = breach;
    log.push({ atMs, kind: 'error', error: { limit, deadlineMs, elapsedMs } });
    return;
  }
  oracle.abandon('switched', atMs);
  if (spare === null) return;
  for (const value of spare) log.push({ atMs, kind: 'next', value });
  log.push({ atMs, kind: 'complete' });
}
