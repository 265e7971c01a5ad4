/** Small fast seeded generator (mulberry32), so that every run measures the same feed. */
function seeded(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/**
 * `count` messages `{ seq, key, keySeq, ts, payload }`, each lost with probability `loss`, repeated with probability
 * `repeat` within 1000 places, and moved back by up to `displacement` places with probability `disorder`. `keySeq` counts
 * the messages of each of `keys` keys, which take turns, or come at random if `isMixed`.
 */
export function feed({
  count,
  loss = 0,
  repeat = 0,
  disorder = 0,
  displacement = 0,
  keys = 1_000,
  isMixed = false,
  seed = 42,
}) {
  const random = seeded(seed);
  const names = Array.from({ length: keys }, (_, index) => `key-${index}`);
  const counts = new Uint32Array(keys);
  const places = [];
  for (let seq = 0; seq < count; seq += 1) {
    const index = isMixed ? Math.floor(random() * keys) : seq % keys;
    const message = { seq, key: names[index], keySeq: counts[index]++, ts: seq, payload: 'x' };
    if (random() < loss) continue;
    const late = random() < disorder ? 1 + Math.floor(random() * displacement) : 0;
    places.push({ at: seq + late, message });
    if (random() < repeat)
      places.push({ at: seq + Math.floor(random() * 1_000), message: { ...message } });
  }
  return places.sort((one, other) => one.at - other.at).map(({ message }) => message);
}
