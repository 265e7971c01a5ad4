import type { InspectOptions } from './InspectOptions.js';
import type { Inspected } from './inspectRecording.js';

/** The line of code for what is recommended; undefined if nothing is. */
export function suggestCode(
  { report: { recommended }, used, shape }: Inspected,
  { fields }: InspectOptions,
): string | undefined {
  if (recommended === null) return undefined;
  const { seq } = used;
  const sequence =
    fields.first === undefined ? member(seq) : `[${member(fields.first)}, ${member(seq)}]`;
  const { modulus, maxJump, maxMisorder } = shape.numbering;
  const settings: (readonly [name: string, value: string | undefined])[] = [
    ['keyBy', fields.key && `(m) => ${member(fields.key)}`],
    ['modulus', modulus === undefined ? undefined : literal(modulus)],
    ['previousOf', fields.previous && `(m) => ${member(fields.previous)}`],
    ['epochOf', fields.epoch && `(m) => ${member(fields.epoch)}`],
    ['maxJump', maxJump === undefined ? undefined : literal(maxJump)],
    ['maxMisorder', maxMisorder === undefined ? undefined : literal(maxMisorder)],
    ['maxWaitMs', String(recommended.maxWaitMs)],
    ['maxBuffer', String(recommended.maxBuffer)],
  ];
  const given = settings.filter(([, value]) => value !== undefined);
  const options = given.map(([name, value]) => `${name}: ${value ?? ''}`).join(', ');
  return `reorderBy((m) => ${sequence}, { ${options} })`;
}

/** How code reads a field; one named by a path is inside another. */
function member(name: string): string {
  return name.split('.').every((part) => /^[A-Za-z_$][\w$]*$/.test(part))
    ? `m.${name}`
    : `m[${JSON.stringify(name)}]`;
}

function literal(value: number | bigint): string {
  if (value === Number.MAX_SAFE_INTEGER) return 'Number.MAX_SAFE_INTEGER';
  return typeof value === 'bigint' ? `${String(value)}n` : String(value);
}
