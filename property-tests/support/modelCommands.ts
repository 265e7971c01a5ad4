import * as fc from 'fast-check';
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
class Book<M, A> {
  model: Model<M, A> | undefined;
  nowMs = 0;
  ids = 0;
  /** What has to be heard since the last subscription, and how much of it was compared. */
  lines: string[] = [];
  compared = 0;
  /** What was heard so far, without saying when and of which. */
  readonly corners = new Set<string>();

  constructor(readonly make: (nowMs: number) => Model<M, A>) {}

  begin(): void {
    this.lines = [];
    this.compared = 0;
    this.model = this.make(this.nowMs);
  }

  hear(lines: readonly string[] = []): void {
    for (const line of lines) this.corners.add(line.replaceAll(/ #?\d+(-\d+)?/g, ''));
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
}

/** Does one thing to the operator and to its model, and compares all that can be seen. */
class Command<D, A> implements fc.Command<Book<Numbered<D>, A>, CommandRig<Numbered<D>>> {
  constructor(
    private readonly step: Step<D, A>,
    private readonly doAct: (action: A, rig: CommandRig<Numbered<D>>) => void,
  ) {}

  /** Nobody leaves who is not there, or comes who is. */
  check({ model }: Book<Numbered<D>, A>): boolean {
    const { does } = this.step;
    if (does === 'resubscribe') return model === undefined;
    return model !== undefined || does === 'push' || does === 'advance';
  }

  run(book: Book<Numbered<D>, A>, rig: CommandRig<Numbered<D>>): void {
    // Whatever is done, what is due has been done before.
    book.advanceTo(book.nowMs);
    this.#do(book, rig);
    expectSameLog(rig.log.slice(book.compared).map(lineOf), book.lines.slice(book.compared));
    book.compared = book.lines.length;
    const { held = 0, dueMs = Infinity } = book.model ?? {};
    expectThat(rig.isObserved === (book.model !== undefined), 'the source is not observed, or is');
    if (book.model !== undefined) expectThat(rig.held === held, `not ${String(held)} are held`);
    const { nextMs, pending } = rig.clock;
    expectThat(pending === (dueMs === Infinity ? 0 : 1), `${String(pending)} timers`);
    expectThat(nextMs <= dueMs, `the timer is set to ${String(nextMs)}, not ${String(dueMs)}`);
  }

  toString(): string {
    return JSON.stringify(this.step);
  }

  #do(book: Book<Numbered<D>, A>, rig: CommandRig<Numbered<D>>): void {
    const { step } = this;
    if (step.does === 'push') {
      for (const drawn of step.messages) {
        const message = Object.freeze({ ...drawn, id: book.ids++ });
        book.hear(book.model?.push(message, book.nowMs));
        rig.push(message);
      }
    } else if (step.does === 'advance') {
      book.advanceTo(book.nowMs + step.ms);
      rig.clock.advanceBy(step.ms);
    } else if (step.does === 'act') {
      book.hear(book.model?.act?.(step.action, book.nowMs));
      this.doAct(step.action, rig);
    } else if (step.does === 'resubscribe') {
      book.begin();
      rig.subscribe();
    } else {
      if (step.does !== 'unsubscribe') book.hear(book.model?.end(step.does));
      book.model = undefined;
      rig.end(step.does);
    }
  }
}

/** Does all `steps` to an operator and its model, and throws as soon as they differ; returns the kinds of things heard. */
export function runCommands<D, A = never>(
  rig: CommandRig<Numbered<D>>,
  make: (nowMs: number) => Model<Numbered<D>, A>,
  steps: readonly Step<D, A>[],
  doAct: (action: A, rig: CommandRig<Numbered<D>>) => void = () => undefined,
): ReadonlySet<string> {
  const first: Step<D, A> = { does: 'resubscribe' };
  const commands = [first, ...steps].map((step) => new Command<D, A>(step, doAct));
  const book = new Book(make);
  fc.modelRun(() => ({ model: book, real: rig }), commands);
  return book.corners;
}

/** An entry in the words of the models, and when it was heard. */
function lineOf(entry: TimedEntry): string {
  return `${String(entry.atMs)} ms: ${wordsOf(entry)}`;
}

function wordsOf(entry: TimedEntry): string {
  if (entry.kind === 'next') return `out ${idOf(entry.value)}`;
  if (entry.kind === 'complete') return 'complete';
  if (entry.kind === 'error') return entry.error === sourceError ? 'error' : String(entry.error);
  const { kind, reason, by, limit, message, key, ...event } = entry.event as Told;
  const range =
    event.count === undefined ? undefined : `${String(event.first)}-${String(event.last)}`;
  const about = message === undefined ? (range ?? key) : `#${idOf(message)}`;
  const passed = event.passed === undefined ? undefined : event.passed ? 'passed' : 'dropped';
  return [kind, reason ?? by ?? limit, about, passed]
    .filter((word) => word !== undefined)
    .join(' ');
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
