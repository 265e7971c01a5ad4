import { EventEmitter } from 'node:events';
import { describe, expect, it } from 'vitest';
import { ownPort } from '../../../../src/connectors/worker/ownPort.js';

const parentPort = Object.assign(new EventEmitter(), { postMessage: () => undefined });
const node = (port: unknown) => ({
  process: {
    getBuiltinModule: (name: string) =>
      name === 'node:worker_threads' ? { parentPort: port } : undefined,
  },
});

describe('ownPort', () => {
  it('is the global scope of a Web Worker', () => {
    const scope = { WorkerGlobalScope: () => undefined, postMessage: () => undefined };
    expect(ownPort(scope)).toBe(scope);
  });

  it('is the parent port of a worker of Node', () => {
    expect(ownPort(node(parentPort))).toBe(parentPort);
  });

  it('is that of Node where only some of a Web Worker is imitated', () => {
    const imitations = [
      { WorkerGlobalScope: () => undefined, ...node(parentPort) },
      { postMessage: () => undefined, ...node(parentPort) },
    ];
    for (const scope of imitations) expect(ownPort(scope)).toBe(parentPort);
  });

  it.each([
    ['no worker', node(null)],
    ['a page', { postMessage: () => undefined }],
    ['an older Node', { process: {} }],
    ['a Node without worker threads', { process: { getBuiltinModule: () => undefined } }],
  ])('is not to be had in %s', (_, scope) => {
    expect(() => ownPort(scope)).toThrow(TypeError);
    expect(() => ownPort(scope)).toThrow('exposePipeline: this is no worker');
  });

  it('looks at the global scope', () => {
    // Tests run in processes of their own.
    expect(() => ownPort()).toThrow('give it a `port`');
  });
});
