import { type MonoTypeOperatorFunction, Observable } from 'rxjs';
import type { ScriptMessage } from 'rxjs-reliable/testing';
import type { SharedOptions } from '../sharedCase.js';
import type { SharedSubject, SharedTools } from '../SharedSubject.js';
import { sharedSubjects } from '../sharedSubjects.js';

/** An operator that breaks what a shared property promises, and nothing else if that can be. */
export interface Sabotage {
  readonly property: `G${number}`;
  /** What is wrong with it, as in "an operator that …". */
  readonly that: string;
  /** Part of what the property complains of, so that it does not fail for another reason. */
  readonly says: RegExp;
  /** Made anew for each case, so that what it remembers is of that case only. */
  readonly subject: () => SharedSubject;
}

/** A subject that keeps to all properties. */
export function sound(name: string): SharedSubject {
  const subject = sharedSubjects.find((one) => one.name === name);
  if (subject === undefined) throw new Error(`no subject is called ${name}`);
  return subject;
}

type Stage<V> = (tools: SharedTools, options: SharedOptions) => MonoTypeOperatorFunction<V>;

/** The subject, and something done to its messages first. */
export function before(subject: SharedSubject, stage: Stage<ScriptMessage>): SharedSubject {
  return {
    ...subject,
    make(options, tools) {
      const first = stage(tools, options);
      const operator = subject.make(options, tools);
      return (source) => source.pipe(first, operator);
    },
  };
}

/** The subject, and something done to what comes out of it. */
export function after(subject: SharedSubject, stage: Stage<unknown>): SharedSubject {
  return {
    ...subject,
    make(options, tools) {
      const operator = subject.make(options, tools);
      const last = stage(tools, options);
      return (source) => source.pipe(operator, last);
    },
  };
}

/** The subject, given tools that are not what they seem. */
export function withTools(
  subject: SharedSubject,
  change: (tools: SharedTools) => Partial<SharedTools>,
): SharedSubject {
  return {
    ...subject,
    make: (options, tools) =>
      subject.make(options, {
        scheduler: tools.scheduler,
        work: tools.work,
        // Known only once it is subscribed.
        get beganMs() {
          return tools.beganMs;
        },
        report: tools.report,
        callback: tools.callback,
        inner: tools.inner,
        ...change(tools),
      }),
  };
}

/** The subject, made with other options than those it is held to. */
export function withOptions(subject: SharedSubject, change: Partial<SharedOptions>): SharedSubject {
  return { ...subject, make: (options, tools) => subject.make({ ...options, ...change }, tools) };
}

/** Does something about each value after it was emitted, whatever became of the consumer meanwhile. */
export function afterEach<V>(act: (value: V) => void): MonoTypeOperatorFunction<V> {
  return (source) =>
    new Observable((listener) =>
      source.subscribe({
        next(value) {
          listener.next(value);
          act(value);
        },
        error: (error: unknown) => listener.error(error),
        complete: () => listener.complete(),
      }),
    );
}

/** Does something at the beginning of each subscription. */
export function atStart<V>(act: (source: Observable<V>) => void): MonoTypeOperatorFunction<V> {
  return (source) =>
    new Observable((listener) => {
      act(source);
      return source.subscribe(listener);
    });
}
