/** Small builds in memory, to try plugins of rollup. */
import { runInThisContext } from 'node:vm';
import { type OutputChunk, type Plugin, rollup } from 'rollup';

export type Sources = Readonly<Record<string, string>>;

/** Bundles each of `entries` out of these modules. */
export async function bundle(
  sources: Sources,
  entries: readonly string[],
  plugins: readonly Plugin[],
  format: 'cjs' | 'es' = 'cjs',
): Promise<OutputChunk[]> {
  const virtual = {
    name: 'virtual',
    resolveId: (id: string): string => id,
    load: (id: string): string | undefined => sources[id],
  };
  const built = await rollup({
    input: [...entries],
    plugins: [virtual, ...plugins],
    treeshake: false,
  });
  const { output } = await built.generate({
    format,
    exports: 'named',
    sourcemap: true,
    entryFileNames: '[name].js',
    chunkFileNames: '[name].js',
  });
  return output.filter((file) => file.type === 'chunk');
}

/** Loads one of these CommonJS chunks. */
export function load(chunks: readonly OutputChunk[], fileName: string): Record<string, unknown> {
  const exports: Record<string, unknown> = {};
  const code = chunks.find((chunk) => chunk.fileName === fileName)?.code ?? '';
  const factory = runInThisContext(`(function (require, exports) {${code}\n})`) as (
    require: (id: string) => unknown,
    exports: Record<string, unknown>,
  ) => void;
  factory((id) => load(chunks, id.replace('./', '')), exports);
  return exports;
}
