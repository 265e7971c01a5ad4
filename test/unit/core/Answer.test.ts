import { expect, it } from 'vitest';
import { answersOf, attachAnswers } from '../../../src/core/Answer.js';

it('answers are found behind the output they were attached to, and nowhere else', () => {
  const output = {};
  const answers = {};
  expect(attachAnswers(output, answers)).toBe(output);
  expect(answersOf(output)).toBe(answers);
  expect(Object.keys(output)).toEqual([]);
  expect([answersOf({}), answersOf(null), answersOf('text')]).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
});
