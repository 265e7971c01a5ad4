/** One of several, as a drawn number says; `place` tells choices apart that are made by the same number. */
export function chosen<const V>(drawn: number, place: number, among: readonly [V, ...V[]]): V {
  return among[(drawn >> place) % among.length] ?? among[0];
}
