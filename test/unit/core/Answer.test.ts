import { expect, it } from 'vitest';
import { answersOf, attachAnswers, FailedWork, failedWorkOf } from '../../../src/core/Answer.js';

it('answers are found behind the output they were attached to, and nowhere else', () => {
  const output = {};
  const answers = {};
  expect(attachAnswers(output, answers)).toBe(output);
  expect(answersOf(output)).toBe(answers);
  expect(Object.keys(output)).toEqual([]);
  const others = [{}, null, undefined, 'text', 1];
  expect(others.map(answersOf)).toEqual(Array(5).fill(undefined));
});

it('answers are found by another copy of the package, and those of another copy are', () => {
  const key = Symbol.for('rxjs-reliable/answers');
  const answers = {};
  expect(Reflect.get(attachAnswers({}, answers), key)).toBe(answers);
  expect(answersOf({ [key]: answers })).toBe(answers);
});

it('failed work is known by its looks, for it may come from another copy of the package', () => {
  const failed = new FailedWork([], 'broken');
  expect(failedWorkOf(failed)).toBe(failed);
  const foreign = { brand: 'rxjs-reliable/failed-work', poison: [], error: 'broken' };
  expect(failedWorkOf(foreign)).toBe(foreign);
  expect([new Error('broken'), 'broken', null, undefined, {}].map(failedWorkOf)).toEqual(
    Array(5).fill(undefined),
  );
});
