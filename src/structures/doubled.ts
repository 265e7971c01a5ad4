/** The same column with room for twice as much. */
export function doubled<A extends Float64Array | Int32Array>(column: A): A {
  const Column = column.constructor as new (length: number) => A;
  const longer = new Column(2 * column.length);
  longer.set(column);
  return longer;
}
