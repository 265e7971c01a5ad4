/** shardBy and mergeShards, one thing done to them or by a worker after another, beside a list of the jobs. */
import * as fc from 'fast-check';
import { eachMessage, mergeShards, type Shard, shardBy } from 'rxjs-reliable';
import { map, Observable, type Subscriber } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { checkerOf } from '../support/check.js';
import { CommandRig } from '../support/CommandRig.js';
import { type Model, type Numbered, runCommands, stepsOf } from '../support/modelCommands.js';
import { Tally } from '../support/Tally.js';

interface Drawn {
  readonly shard: number;
}
type Message = Numbered<Drawn>;

interface Rules {
  readonly shards: number;
  readonly concurrency: number;
  readonly maxPending: number;
  readonly overflowPolicy: 'drop-newest' | 'drop-oldest';
  readonly order: 'arrival' | 'source';
  readonly maxRestarts: number;
}

/** What becomes of one of the jobs that are worked on. */
interface Action {
  readonly job: number;
  readonly has: 'result' | 'end' | 'failure';
}

/** What came in and is not forgotten. */
interface Job {
  readonly message: Message;
  state: 'waits' | 'active' | 'over';
  results: number;
  /** Results that wait for those of earlier jobs. */
  waiting: string[];
}

/** All jobs, in the order in which they came. */
class Jobs implements Model<Message, Action> {
  readonly dueMs = Infinity;
  #jobs: Job[] = [];
  /** How often each shard was begun anew; undefined: it is over. */
  readonly #restarts: (number | undefined)[];
  #isComplete = false;

  constructor(private readonly rules: Rules) {
    this.#restarts = new Array<number>(rules.shards).fill(0);
  }

  get held(): number {
    return this.#jobs.filter(({ state }) => state !== 'over').length;
  }

  get lingers(): boolean {
    return this.#restarts.some((restarts) => restarts !== undefined);
  }

  settle(): string[] {
    return [];
  }

  push(message: Message): string[] {
    const { maxPending, overflowPolicy } = this.rules;
    const shard = this.#shardOf(message);
    const name = `#${String(message.id)}`;
    if (this.#restarts[shard] === undefined) return [`orphaned ${name} dropped`];
    const lines: string[] = [];
    if (this.#in(shard).length >= maxPending) {
      const [oldest] = this.#in(shard, 'waits');
      if (overflowPolicy === 'drop-newest' || oldest === undefined)
        return [`overflow ${name} dropped`];
      oldest.state = 'over';
      lines.push(`overflow #${String(oldest.message.id)} dropped`, ...this.#release());
    }
    this.#jobs.push({ message, state: 'waits', results: 0, waiting: [] });
    this.#begin(shard);
    return lines;
  }

  end(how: 'complete' | 'error'): string[] {
    if (how === 'error') {
      const results = this.#jobs.flatMap(({ waiting }) => waiting);
      const left = this.#jobs.filter(({ state }) => state !== 'over');
      return [
        ...results.map((id) => `discarded error #${id} dropped`),
        ...left.map(({ message }) => `discarded #${String(message.id)} dropped`),
        how,
      ];
    }
    this.#isComplete = true;
    if (!this.lingers) return [how];
    return this.#restarts.flatMap((_, shard) => this.#completeIfDone(shard));
  }

  act({ has, job: place }: Action): string[] {
    const active = this.#jobs.filter(({ state }) => state === 'active');
    const job = active[place % active.length];
    if (job === undefined) return [];
    const shard = this.#shardOf(job.message);
    if (has === 'result') {
      const id = `${String(job.message.id)}.${String(job.results++)}`;
      job.waiting.push(id);
      return this.#release();
    }
    job.state = 'over';
    if (has === 'failure') return this.#fail(job.message, shard);
    this.#begin(shard);
    return [...this.#release(), ...this.#completeIfDone(shard)];
  }

  #shardOf({ shard }: Message): number {
    return shard % this.rules.shards;
  }

  #in(shard: number, ...states: Job['state'][]): Job[] {
    const wanted = states.length === 0 ? ['waits', 'active'] : states;
    return this.#jobs.filter(
      ({ message, state }) => this.#shardOf(message) === shard && wanted.includes(state),
    );
  }

  /** Works on as many jobs as may be worked on at once. */
  #begin(shard: number): void {
    const room = this.rules.concurrency - this.#in(shard, 'active').length;
    for (const job of this.#in(shard, 'waits').slice(0, room)) job.state = 'active';
  }

  /** Lets results leave whose turn it is. */
  #release(): string[] {
    const lines: string[] = [];
    for (const job of this.#jobs) {
      lines.push(...job.waiting.splice(0).map((id) => `out ${id}`));
      if (this.rules.order === 'source' && job.state !== 'over') break;
    }
    this.#jobs = this.#jobs.filter((job) => job.state !== 'over' || job.waiting.length > 0);
    return lines;
  }

  #fail(message: Message, shard: number): string[] {
    const lines = ['shard-error', `dead-letter #${String(message.id)} dropped`, ...this.#release()];
    const restarts = this.#restarts[shard] ?? 0;
    const left = this.#in(shard);
    if (restarts < this.rules.maxRestarts) {
      this.#restarts[shard] = restarts + 1;
      for (const job of left) Object.assign(job, { state: 'waits', results: 0, waiting: [] });
      this.#begin(shard);
      return [...lines, 'shard-restart', ...this.#completeIfDone(shard)];
    }
    this.#restarts[shard] = undefined;
    for (const job of left) job.state = 'over';
    lines.push(...left.map((job) => `orphaned #${String(job.message.id)} dropped`));
    return [...lines, ...this.#release(), ...this.#completeIfAll()];
  }

  #completeIfDone(shard: number): string[] {
    const isOpen = this.#isComplete && this.#restarts[shard] !== undefined;
    if (!isOpen || this.#in(shard).length > 0) return [];
    this.#restarts[shard] = undefined;
    return ['shard-complete', ...this.#completeIfAll()];
  }

  #completeIfAll(): string[] {
    return this.#isComplete && !this.lingers ? ['complete'] : [];
  }
}

/** A result of a job. */
interface Result {
  readonly id: string;
}

/** Whoever works on the jobs. */
class Desk {
  readonly #work: { readonly job: Message; readonly listener: Subscriber<Result> }[] = [];
  readonly #results = new Map<Subscriber<Result>, number>();

  get active(): number {
    return this.#work.length;
  }

  begin(job: Message): Observable<Result> {
    return new Observable((listener) => {
      const work = { job, listener };
      this.#work.push(work);
      this.#work.sort((one, other) => one.job.id - other.job.id);
      return () => this.#work.splice(this.#work.indexOf(work), 1);
    });
  }

  act({ has, job: place }: Action): void {
    const work = this.#work[place % this.#work.length];
    if (work === undefined) return;
    const { job, listener } = work;
    const count = this.#results.get(listener) ?? 0;
    if (has === 'end') return listener.complete();
    if (has === 'failure') return listener.error(new Error('the work has failed'));
    this.#results.set(listener, count + 1);
    listener.next({ id: `${String(job.id)}.${String(count)}` });
  }
}

const upTo = (max: number, min = 0): fc.Arbitrary<number> => fc.integer({ min, max });
const ruleSet: fc.Arbitrary<Rules> = fc.record({
  shards: upTo(4, 1),
  concurrency: upTo(3, 1),
  maxPending: fc.oneof(upTo(4, 1), fc.constant(100)),
  overflowPolicy: fc.constantFrom('drop-newest', 'drop-oldest'),
  order: fc.constantFrom('arrival', 'source'),
  maxRestarts: upTo(2),
});
const has = fc.constantFrom('result' as const, 'result' as const, 'end' as const);
const action: fc.Arbitrary<Action> = fc.oneof(
  { weight: 9, arbitrary: fc.record({ job: upTo(5), has }) },
  fc.record({ job: upTo(5), has: fc.constant('failure' as const) }),
);
const steps = stepsOf(fc.record({ shard: upTo(3) }), 3, action);
const corners = [
  ...['overflow dropped', 'orphaned dropped', 'dead-letter dropped', 'discarded dropped', 'out'],
  ...['discarded error dropped', 'shard-error', 'shard-restart', 'shard-complete', 'complete'],
];

describe('shardBy and mergeShards', () => {
  it('do at every step what a list of jobs says', () => {
    const met = new Tally();
    checkerOf('mergeShards').check('commands', 5_000, [ruleSet, steps], (rules, list) => {
      const { concurrency, maxPending, maxRestarts, order, overflowPolicy, shards } = rules;
      const desk = new Desk();
      let seen: Shard<Message>[] = [];
      const rig = new CommandRig<Message>((_, onEvent) => (source) => {
        const indexOf = ({ shard }: Message): number => shard % shards;
        return source.pipe(
          shardBy<Message>(
            { policy: 'custom', indexOf },
            { shards, maxPending, overflowPolicy, onEvent },
          ),
          map((shard) => {
            seen = shard.index === 0 ? [shard] : [...seen, shard];
            return shard;
          }),
          mergeShards(
            eachMessage((job: Message) => desk.begin(job), { concurrency }),
            { order, onShardError: 'restart', maxRestarts, onEvent },
          ),
        );
      });
      const pair = {
        rig,
        model: () => new Jobs(rules),
        act: (one: Action) => desk.act(one),
        held: () => seen.reduce((sum, { pending }) => sum + pending, 0),
        open: () => desk.active,
      };
      met.add(runCommands(pair, list));
    });
    expect(met.rare(corners)).toEqual([]);
  });
});
