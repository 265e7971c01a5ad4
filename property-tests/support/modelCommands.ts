import * as fc from 'fast-check';
import { StreamError } from 'rxjs-reliable';
import type { CommandRig } from './CommandRig.js';
import { expectSameLog } from './describeLog.js';
import { expectThat } from './reorderChecks.js';
import { sourceError, type TimedEntry } from './runTimed.js';

/** A message as a model knows it: what was drawn, and which one it is. */
export type Numbered<D> = D & { readonly id: number };

/** What an operator has to do, as plain lists; each method says what is heard, one line each, by `wordsOf`. */
export interface Model<M, A = never> {
  /** How many messages are held. */
  readonly held: number;
  /** When something is due next; `Infinity` if nothing is. */
  readonly dueMs: number;
  /** Does what is due at `dueMs`. */
  settle(): string[];
  push(message: M, nowMs: number): string[];
  end(how: 'complete' | 'error'): string[];
  /** What else can be done to this operator. */
  act?(action: A, nowMs: number): string[];
  /** Whether the source has completed, and the output has not. */
  readonly lingers?: boolean;
  /** Whether the operator has ended the stream with an error of its own. */
  readonly hasFailed?: boolean;
}

/** An operator in the flesh, and its model. */
export interface Pair<D, A = never> {
  readonly rig: CommandRig<Numbered<D>>;
  /** The model of a subscription that begins at this time. */
  readonly model: (nowMs: number) => Model<Numbered<D>, A>;
  /** Does to the operator what a model's `act` does. */
  readonly act?: (action: A) => void;
  /** How many messages the operator says it holds. Default: those nothing was heard of. */
  readonly held?: () => number;
  /** What else is open, and must not be when there is no subscription. Default: nothing. */
  readonly open?: () => number;
}

/** One thing that is done; plain JSON, so that a failing list of them can be stored. */
export type Step<D, A = never> =
  | { readonly does: 'push'; readonly messages: readonly D[] }
  | { readonly does: 'advance'; readonly ms: number }
  | { readonly does: 'act'; readonly action: A }
  | { readonly does: 'complete' | 'error' | 'unsubscribe' | 'resubscribe' };

/** Draws what is done; now and then a subscription ends, and another one begins. */
export function stepsOf<D, A = never>(
  message: fc.Arbitrary<D>,
  maxMs: number,
  action?: fc.Arbitrary<A>,
): fc.Arbitrary<Step<D, A>[]> {
  const ends = fc.constantFrom('complete' as const, 'error' as const, 'unsubscribe' as const);
  const push = (maxLength: number) =>
    fc.record({
      does: fc.constant('push' as const),
      messages: fc.array(message, { minLength: 1, maxLength, size: 'max' }),
    });
  const advance = fc.record({
    does: fc.constant('advance' as const),
    ms: fc.oneof(fc.nat({ max: 3 }), fc.nat({ max: maxMs })),
  });
  const choices: fc.WeightedArbitrary<Step<D, A>>[] = [
    { weight: 12, arbitrary: push(1) },
    { weight: 2, arbitrary: push(8) },
    { weight: 8, arbitrary: advance },
    { weight: 1, arbitrary: fc.record({ does: ends }) },
    { weight: 4, arbitrary: fc.constant({ does: 'resubscribe' }) },
  ];
  if (action !== undefined) {
    const act = fc.record({ does: fc.constant('act' as const), action });
    choices.push({ weight: 10, arbitrary: act });
  }
  return fc.array(fc.oneof(...choices), { maxLength: 40, size: 'max' });
}

/** The model of the current subscription, if there is one. */
class Book<D, A> {
  model: Model<Numbered<D>, A> | undefined;
  /** Whether the source is observed. */
  isFed = false;
  nowMs = 0;
  ids = 0;
  /** What has to be heard since the last subscription, and how much of it was compared. */
  lines: string[] = [];
  compared = 0;
  /** What was heard so far, without saying when and of which. */
  readonly corners = new Set<string>();

  constructor(private readonly pair: Pair<D, A>) {}

  begin(): void {
    this.lines = [];
    this.compared = 0;
    this.isFed = true;
    this.model = this.pair.model(this.nowMs);
  }

  end(how: 'complete' | 'error' | 'unsubscribe'): void {
    this.isFed = false;
    if (how !== 'unsubscribe') this.hear(this.model?.end(how));
    if (how !== 'complete') this.model = undefined;
  }

  push(message: Numbered<D>): void {
    if (!this.isFed) return;
    this.hear(this.model?.push(message, this.nowMs));
    if (this.model?.hasFailed === true) this.isFed = false;
  }

  hear(lines: readonly string[] = []): void {
    for (const line of lines) this.corners.add(line.replaceAll(/ #?\d[\d.]*(-\d+)?/g, ''));
    this.lines.push(...lines.map((line) => `${String(this.nowMs)} ms: ${line}`));
  }

  advanceTo(untilMs: number): void {
    const { model } = this;
    while (model !== undefined && model.dueMs <= untilMs) {
      this.nowMs = model.dueMs;
      this.hear(model.settle());
    }
    this.nowMs = untilMs;
  }

  /** Throws if anything is seen of the operator that the model does not say. */
  compare(): void {
    if (!this.isFed && this.model?.lingers !== true) this.model = undefined;
    const { isFed, lines, model, pair } = this;
    const { rig } = pair;
    const heard = rig.log.slice(this.compared).map(lineOf);
    expectSameLog(sortUnordered(heard), sortUnordered(lines.slice(this.compared)));
    this.compared = lines.length;
    expectThat(rig.isObserved === isFed, 'the source is not observed, or is');
    const { held = 0, dueMs = Infinity } = model ?? {};
    const isHeld = (pair.held?.() ?? rig.held) === held;
    expectThat(model === undefined || isHeld, `not ${String(held)} are held`);
    const open = model === undefined ? pair.open?.() : undefined;
    expectThat((open ?? 0) === 0, `${String(open)} are open`);
    const { nextMs, pending } = rig.clock;
    expectThat(pending === (dueMs === Infinity ? 0 : 1), `${String(pending)} timers`);
    expectThat(nextMs <= dueMs, `the timer is set to ${String(nextMs)}, not ${String(dueMs)}`);
  }
}

/** What an error makes an operator discard may be told in any order, and so may what is due at one instant. */
function sortUnordered(lines: readonly string[]): string[] {
  const isUnordered = (line: string): boolean => /: (discarded|request|lost) /.test(line);
  const unordered = lines.filter(isUnordered).sort();
  return [...unordered, ...lines.filter((line) => !isUnordered(line))];
}

/** Does one thing to the operator and to its model, and compares all that can be seen. */
class Command<D, A> implements fc.Command<Book<D, A>, Pair<D, A>> {
  constructor(private readonly step: Step<D, A>) {}

  /** Nobody ends what has ended, or begins what has begun. */
  check({ isFed, model }: Book<D, A>): boolean {
    switch (this.step.does) {
      case 'push':
      case 'advance':
        return true;
      case 'resubscribe':
        return model === undefined;
      case 'act':
      case 'unsubscribe':
        return model !== undefined;
      default:
        return isFed;
    }
  }

  run(book: Book<D, A>, pair: Pair<D, A>): void {
    // Whatever is done, what is due has been done before.
    book.advanceTo(book.nowMs);
    this.#do(book, pair);
    book.compare();
  }

  toString(): string {
    return JSON.stringify(this.step);
  }

  #do(book: Book<D, A>, { act, rig }: Pair<D, A>): void {
    const { step } = this;
    if (step.does === 'push') {
      for (const drawn of step.messages) {
        const message = Object.freeze({ ...drawn, id: book.ids++ });
        book.push(message);
        rig.push(message);
      }
    } else if (step.does === 'advance') {
      book.advanceTo(book.nowMs + step.ms);
      rig.clock.advanceBy(step.ms);
    } else if (step.does === 'act') {
      book.hear(book.model?.act?.(step.action, book.nowMs));
      act?.(step.action);
    } else if (step.does === 'resubscribe') {
      book.begin();
      rig.subscribe();
    } else {
      book.end(step.does);
      rig.end(step.does);
    }
  }
}

/** Subscribes, and does all `steps`; throws as soon as operator and model differ, returns the kinds of things heard. */
export function runCommands<D, A = never>(
  pair: Pair<D, A>,
  steps: readonly Step<D, A>[],
): ReadonlySet<string> {
  const first: Step<D, A> = { does: 'resubscribe' };
  const book = new Book(pair);
  const commands = [first, ...steps].map((step) => new Command(step));
  fc.modelRun(() => ({ model: book, real: pair }), commands);
  return book.corners;
}

/** An entry in the words of the models, and when it was heard. */
function lineOf(entry: TimedEntry): string {
  return `${String(entry.atMs)} ms: ${wordsOf(entry)}`;
}

function wordsOf(entry: TimedEntry): string {
  if (entry.kind === 'next') return `out ${idOf(entry.value)}`;
  if (entry.kind === 'complete') return 'complete';
  if (entry.kind === 'error') return errorOf(entry.error);
  const { kind, reason, by, limit, message, key, ...event } = entry.event as Told;
  const range = event.count === undefined ? undefined : rangeOf(event);
  const about = message === undefined ? (range ?? key) : `#${idOf(message)}`;
  const passed = event.passed === undefined ? undefined : event.passed ? 'passed' : 'dropped';
  return [kind, reason ?? by ?? limit, about, passed]
    .filter((word) => word !== undefined)
    .join(' ');
}

/** An operator's own error by its name: what it says is compared elsewhere. */
function errorOf(error: unknown): string {
  if (error === sourceError) return 'error';
  return StreamError.is(error) ? error.name : String(error);
}

/** Missing numbers; how many there are only if that is not what they say. */
function rangeOf({ count = NaN, first = NaN, last = NaN }: Partial<Told>): string {
  const range = `${String(first)}-${String(last)}`;
  return count === last - first + 1 ? range : `${range} (${String(count)} numbers)`;
}

/** The fields that events of the operators have. */
interface Told {
  readonly kind: string;
  readonly reason?: string;
  readonly by?: string;
  readonly limit?: string;
  readonly message?: unknown;
  readonly key?: number;
  readonly first?: number;
  readonly last?: number;
  readonly count?: number;
  readonly passed?: boolean;
}

function idOf(message: unknown): string {
  return String((message as { readonly id: number }).id);
}
