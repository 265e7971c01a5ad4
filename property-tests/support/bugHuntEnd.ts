/** Ends each property file of a hunt. */
import { afterAll } from 'vitest';
import { bugHunt } from './bugHunt.js';

afterAll(() => {
  bugHunt?.endFile();
});
