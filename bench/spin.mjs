/** Keeps a core busy for a number of turns; returns something that depends on all of them. */
export function spin(turns, start) {
  let hash = start | 0;
  const end = turns | 0;
  for (let turn = 0; turn < end; turn += 1) hash = (Math.imul(hash ^ turn, 0x5bd1e995) + 1) | 0;
  return hash;
}

/** How many turns take a microsecond of this machine's time. */
export function turnsPerMicrosecond() {
  const turns = 2_000_000;
  const times = Array.from({ length: 9 }, (_, round) => {
    const before = process.cpuUsage();
    spin(turns, round);
    const { user, system } = process.cpuUsage(before);
    return user + system;
  }).sort((one, other) => one - other);
  return turns / times[4];
}
