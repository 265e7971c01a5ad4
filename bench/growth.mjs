/**
 * Whether the cost of a message grows with the length of the stream, and what a window keeps: nanoseconds of CPU time per
 * message for streams of 10^5 and 10^7 messages side by side in rounds; then the heap after 5·10^6 distinct keys went
 * through a window of 65,536, and its peak. `--rounds N`, `--json FILE`.
 */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { Observable, Subject } from 'rxjs';
import { dedupeWithin, reorderBy, sequenceGaps, slaTimeout } from 'rxjs-reliable';
import { ourChain } from './chain.mjs';

const { values } = parseArgs({
  options: { rounds: { type: 'string', default: '3' }, json: { type: 'string' } },
});
const [short, long] = [1e5, 1e7];
const keys = Array.from({ length: 1_024 }, (_, index) => `key-${index}`);

/** `count` messages made as they are sent, every hundredth pair the wrong way round. */
const stream = (count) =>
  new Observable((subscriber) => {
    for (let index = 0; index < count; index += 1) {
      const place = index % 100;
      const seq = place === 50 ? index + 1 : place === 51 ? index - 1 : index;
      subscriber.next({ seq, key: keys[seq & 1_023], ts: seq, payload: 'x' });
    }
    subscriber.complete();
  });

const operators = {
  sequenceGaps: () => sequenceGaps(({ seq }) => seq),
  reorderBy: () => reorderBy(({ seq }) => seq, { first: 0, maxWaitMs: Infinity }),
  'dedupeWithin count': () =>
    dedupeWithin({ kind: 'count', count: 65_536 }, { keyBy: ({ seq }) => seq }),
  'dedupeWithin sequence': () =>
    dedupeWithin({ kind: 'sequence', size: 65_536, sequenceOf: ({ seq }) => seq }),
  slaTimeout: () => slaTimeout(3_600_000),
  'all six': () => ourChain(() => undefined),
};

/** Nanoseconds of CPU time per message of `total`, in streams of `count`. */
function nsPerMessage(make, count, total) {
  globalThis.gc?.();
  const before = process.cpuUsage();
  for (let sent = 0; sent < total; sent += count) stream(count).pipe(make()).subscribe();
  const { user, system } = process.cpuUsage(before);
  return ((user + system) * 1_000) / total;
}

const median = (numbers) => [...numbers].sort((one, other) => one - other)[numbers.length >> 1];

const growth = Object.entries(operators).map(([operator, make]) => {
  nsPerMessage(make, short, long / 10);
  const rounds = Array.from({ length: Number(values.rounds) }, () => {
    const ns = nsPerMessage(make, short, long);
    return { ns, ratio: nsPerMessage(make, long, long) / ns };
  });
  const row = {
    operator,
    nsPerMessage: median(rounds.map(({ ns }) => ns)),
    ratio: median(rounds.map(({ ratio }) => ratio)),
  };
  console.log(
    `${operator.padEnd(22)} ${row.nsPerMessage.toFixed(0).padStart(5)} ns, ${row.ratio.toFixed(2)}x at 10^7`,
  );
  return row;
});

/** Bytes that a window keeps, and at most kept, while 5·10^6 distinct keys go through. */
function windowBytes(keyOf) {
  globalThis.gc?.();
  const before = process.memoryUsage().heapUsed + process.memoryUsage().arrayBuffers;
  const inUse = () => process.memoryUsage().heapUsed + process.memoryUsage().arrayBuffers - before;
  const source = new Subject();
  const subscription = source
    .pipe(dedupeWithin({ kind: 'count', count: 65_536 }, { keyBy: keyOf }))
    .subscribe();
  let peak = 0;
  for (let index = 0; index < 5e6; index += 1) {
    source.next(index);
    if (index % 65_536 === 0) peak = Math.max(peak, inUse());
  }
  globalThis.gc?.();
  const kept = inUse();
  subscription.unsubscribe();
  return { kept, peak };
}

const mebibytes = (bytes) => `${(bytes / 2 ** 20).toFixed(1)} MiB`;
const memory = Object.entries({
  integers: (index) => index,
  strings: (index) => `id-${index}`,
}).map(([kind, keyOf]) => {
  const bytes = windowBytes(keyOf);
  console.log(`5·10^6 ${kind}: ${mebibytes(bytes.kept)} kept, ${mebibytes(bytes.peak)} at most`);
  return { kind, ...bytes };
});
if (values.json !== undefined) {
  writeFileSync(values.json, `${JSON.stringify({ growth, memory }, undefined, 2)}\n`);
}
