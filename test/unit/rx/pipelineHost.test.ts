import { EMPTY, of } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { pipelineHost } from '../../../src/rx/pipelineHost.js';
import { openOutlet } from '../../support/openOutlet.js';

function open() {
  const { outlet, log } = openOutlet();
  return { outlet, log, host: pipelineHost(outlet, undefined) };
}

describe('pipelineHost', () => {
  it('subscribes what is made, whatever can be made a stream', () => {
    const { host } = open();
    const log: unknown[] = [];
    const inlet = {
      next: (value: unknown) => log.push(value),
      error: (error: unknown) => log.push(error),
      complete: () => log.push('|'),
    };
    host.listen(() => of(1), inlet);
    host.listen(() => [2], inlet);
    host.listen(() => EMPTY, inlet);
    host.listen(() => {
      throw new Error('not made');
    }, inlet);
    host.listen(() => 3, inlet);
    expect(log.slice(0, 6)).toEqual([1, '|', 2, '|', '|', new Error('not made')]);
    expect(log.slice(6)).toEqual([expect.any(TypeError)]);
  });

  it('lets what an interlude subscribes be handled at once, and enters in turn', () => {
    const { host, outlet } = open();
    const log: string[] = [];
    outlet.enter(() => {
      host.interlude(() => {
        host.enter(() => log.push('within'));
        log.push('interlude');
      });
      host.enter(() => log.push('afterwards'));
      log.push('entry');
    });
    expect(log).toEqual(['within', 'interlude', 'entry', 'afterwards']);
  });

  it('ends the stream', () => {
    const one = open();
    expect(one.host.closed).toBe(false);
    one.host.complete();
    expect([one.host.closed, one.log]).toEqual([true, ['|']]);
    const other = open();
    other.host.fail('broken');
    expect(other.log).toEqual(['broken']);
  });
});
