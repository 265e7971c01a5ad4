/** Whether `value` looks like something that rxjs' `from` takes: it does not tell before it is subscribed. */
export function isObservableInput(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const names = ['subscribe', '@@observable', 'then', 'getReader', 'length'] as const;
  return (
    Symbol.iterator in value ||
    Symbol.asyncIterator in value ||
    names.some((name) => name in value) ||
    ('observable' in Symbol && (Symbol.observable as symbol) in value)
  );
}
