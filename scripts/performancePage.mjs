const ratio = (number) => `${number.toFixed(number < 0.095 ? 3 : 2)}x`;
const row = (cells) => `| ${cells.join(' | ')} |`;
const table = (head, rows) => [row(head), row(head.map(() => '---')), ...rows.map(row)].join('\n');

function variantRow({ operator, case: name, name: variant, nsPerMessage, floor }) {
  const spread = `${floor.low.toFixed(2)} to ${floor.high.toFixed(2)}`;
  return [operator, name, variant, nsPerMessage.toFixed(0), ratio(floor.median), spread];
}

function goalRow({ operator, case: name, against, goal, median, low, high }) {
  const spread = `${low.toFixed(2)} to ${high.toFixed(2)}`;
  return [
    operator,
    name,
    against,
    ratio(goal),
    ratio(median),
    spread,
    median <= goal ? 'yes' : 'no',
  ];
}

const mebibytes = (bytes) => `${(bytes / 2 ** 20).toFixed(1)} MiB`;

/** docs/PERFORMANCE.md from what the benchmarks found. */
export function performancePage({ rows, goals, growth, memory, latency, allocations, machine }) {
  return `# Performance

Written by \`npm run performance\`; not to be edited. Measured on ${machine}. Other machines have other
nanoseconds; what holds are the ratios, which are taken between runs next to each other.

## How it is measured

All variants of a case take turns in one process, forwards and backwards, after a collection of garbage and a pause of
15 ms; a sample lasts 80 ms of CPU time at least, which is what is counted, helper threads included. Garbage is collected
while each variant is in the middle of a feed: when no instance of a class is left, V8 throws away the machine code that
knows it, and what was measured would be the compiler, who has more to do the more code there is. A ratio is taken
inside each round, and its median and quartiles over five to nine rounds. Before they are timed, all variants of a case
were seen to emit the same messages in the same order. All operators share the process, so that calls are as
unpredictable as in an application. A million messages \`{ seq, key, keySeq, ts, payload }\`; _hostile_ is 1 % lost, 5 %
repeated, 5 % displaced by up to 64 places.

- **floor** is \`map((message) => message)\`.
- **stock** is what a competent user would write with the operators of RxJS.
- **limit** is the same job as a loop over the array, without RxJS, without options, without events.
- **other** is the same job with another library, where it is a natural thing to write with it: no more than is asked for,
  and without RxJS around it.

## Goals

What ours takes, for what the other one takes.

${table(['operator', 'case', 'against', 'goal', 'ours', 'quartiles', 'reached'], goals.map(goalRow))}

## All variants

${table(['operator', 'case', 'variant', 'ns per message', 'for the floor', 'quartiles'], rows.map(variantRow))}

## Growth

Streams of 10^7 messages, for streams of 10^5, per message.

${table(
  ['operator', 'ns per message at 10^5', 'at 10^7'],
  growth.map(({ operator, nsPerMessage, ratio: grown }) => [
    operator,
    nsPerMessage.toFixed(0),
    ratio(grown),
  ]),
)}

\`dedupeWithin\` with a window of 65,536 keys, after 5·10^6 distinct ones:

${table(
  ['keys', 'kept', 'at most'],
  memory.map(({ kind, kept, peak }) => [kind, mebibytes(kept), mebibytes(peak)]),
)}

## Latency

Microseconds from the push of a message that is next in order to its emission, through all six operators, at 50,000
messages a second on a real event loop, 5 % of them repeated and 5 % displaced by up to 64 places.

${table(
  ['variant', 'p50', 'p99', 'p99.9', 'collections of garbage', 'ms in all'],
  latency.map(({ variant, p50, p99, p999, collections, collectionMs }) => [
    variant,
    p50.toFixed(1),
    p99.toFixed(1),
    p999.toFixed(1),
    String(collections),
    collectionMs.toFixed(1),
  ]),
)}

## Allocations

Collections of garbage while 5·10^6 messages in order go through, after a warm-up. An object of 32 bytes for each would
need ten.

${table(
  ['operator', 'collections of garbage'],
  allocations.map(({ operator, collections }) => [operator, String(collections)]),
)}

## Workers

\`npm run bench:workers\` measures what workers gain; see [WORKERS.md](WORKERS.md).
`;
}
