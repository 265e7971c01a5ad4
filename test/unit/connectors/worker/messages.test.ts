import { expect, it } from 'vitest';
import { extra, protocol } from '../../../../src/connectors/worker/messages.js';

it('the protocol names the package and a version, so that strangers are told apart', () => {
  expect(protocol).toMatch(/^rxjs-reliable\/worker\/\d+$/);
});

it('what belongs to no message has a number that no message has', () => {
  expect(extra).toBeLessThan(0);
});
