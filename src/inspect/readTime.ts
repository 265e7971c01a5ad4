/** Reads a time off a field, in ms: a number in some unit, or a date that `Date` understands (ISO 8601). NaN if it is none. */
export function readTime(value: unknown, msPerUnit: number): number {
  if (typeof value === 'number') return finite(value * msPerUnit);
  if (typeof value !== 'string' || value.trim() === '') return NaN;
  const number = Number(value);
  if (number === number) return finite(number * msPerUnit);
  // `Date` reads almost anything that has a digit in it; a date has to begin like one.
  return /^\s*\d{4}-\d\d/.test(value) ? Date.parse(value) : NaN;
}

function finite(value: number): number {
  return Number.isFinite(value) ? value : NaN;
}
