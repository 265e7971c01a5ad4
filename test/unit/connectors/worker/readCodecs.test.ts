import { OptionError } from 'rxjs-reliable';
import { columns, exposePipeline, inWorker } from 'rxjs-reliable/worker';
import { describe, expect, it } from 'vitest';

const never = (): never => {
  throw new Error('called');
};
const port = { on: () => undefined, postMessage: () => undefined };

describe.each([
  ['inWorker', (options: object) => inWorker(never, options)],
  ['exposePipeline', (options: object) => exposePipeline(never, { ...options, port })],
] as const)('a codec given to %s', (operator, make) => {
  it.each(['codec', 'resultCodec'])('as %s may be left out, or one of columns', (option) => {
    make({ [option]: undefined });
    make({ [option]: columns<number>('number') });
  });

  it.each(['codec', 'resultCodec'])('as %s has to have both ways', (option) => {
    for (const given of [null, 7, 'columns', never, {}, { encode: never }, { decode: never }]) {
      expect(() => make({ [option]: given })).toThrow(OptionError);
      expect(() => make({ [option]: given })).toThrow(
        `${operator}: option \`${option}\` must be a codec with encode() and decode(), got`,
      );
    }
    make({ [option]: { encode: never, decode: never } });
  });
});
