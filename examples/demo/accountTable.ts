import pc from 'picocolors';
import type { Audit } from './audit.js';
import { grouped, percent, seconds } from './format.js';
import { objective } from './guarantees.js';
import type { ReceiverReport } from './processes.js';
import type { Outcome } from './run.js';

type Row = readonly [name: string, count: number | string];

/** The account as text: what was sent, what became of it, and whether that adds up. */
export function accountTable(
  outcome: Outcome,
  { delivered, lost, revived, checks }: Audit,
): string {
  const { sender, relay, receiver } = outcome;
  const { overtaken, filledLate, filledByRequest } = receiver;
  const asSent = delivered - overtaken - filledLate - filledByRequest;
  return [
    ...section('Messages', [
      ['sent', sender.sent],
      ['delivered', delivered],
      ['  came as sent', asSent],
      ['  came after a later one', overtaken],
      ['  missed, then came late', filledLate],
      ['  missed, came on re-request', filledByRequest],
      ['reported lost', lost],
      ...optional('reported lost, then delivered', revived),
    ]),
    ...section('Datagrams', [
      ['sent, with heartbeats', sender.sent + sender.heartbeats],
      ...optional('lost before the relay', sender.sent + sender.heartbeats - relay.received),
      ['lost in the relay', relay.dropped],
      ['  of them messages', relay.droppedMessages],
      ['repeated by the relay', relay.repeated],
      ['delayed by the relay', relay.delayed],
    ]),
    ...section('Receiver', [
      ['re-requests', receiver.requests],
      ['messages they brought', receiver.answered],
      ['duplicates dropped', receiver.duplicates],
      ['late ones dropped', receiver.late],
      ...optional('refused', receiver.refused),
      ['median latency, ms', receiver.latencyMs.median],
      ['greatest latency, ms', receiver.latencyMs.greatest],
    ]),
    ...section('Guarantees', guaranteeRows(receiver)),
    ...section('Shards', shardRows(receiver)),
    pc.bold('Checks'),
    ...checks.map(({ holds, claim }) => `  ${holds ? pc.green('✓') : pc.red('✗')} ${claim}`),
    '',
    verdict(
      outcome,
      checks.every((check) => check.holds),
    ),
    '',
  ].join('\n');
}

const guaranteeRows = ({ sla, ...receiver }: ReceiverReport): Row[] => [
  [`in time, objective ${percent(objective.ratio)}`, percent(sla.inTime)],
  [`objective missed within ${seconds(objective.windowMs)}`, receiver.objectivesMissed],
  ...(sla.isObjectiveMet ? [] : [['  in the end', 'still missed'] as const]),
  ['breaches', receiver.breaches],
  ...sla.limits.flatMap(({ limit, breaches, worstMs }) => [
    [`  of ${limit}`, breaches] as const,
    ...optional('    worst, ms', worstMs),
  ]),
  ['  recovered', receiver.recovered],
  ['warnings', receiver.warnings],
];

const shardRows = ({ stage, droppedByShards }: ReceiverReport): Row[] => [
  ...stage.shards.map(({ messages, mostPending }, index): Row => [
    `shard ${index}, at most ${grouped(mostPending)} pending`,
    messages,
  ]),
  ['most results held for order', stage.mostResultsHeld],
  ['restarts', stage.restarts],
  ['dead letters', stage.deadLetters],
  ...optional('dropped', droppedByShards),
];

function verdict({ elapsedMs }: Outcome, balances: boolean): string {
  const after = `after ${seconds(elapsedMs)}`;
  return balances
    ? pc.green(`The account balances, ${after}.`)
    : pc.red(`The account does not balance, ${after}.`);
}

const section = (title: string, rows: readonly Row[]): string[] => [
  pc.bold(title),
  ...rows.map(([name, value]) => {
    const text = typeof value === 'number' ? grouped(value) : value;
    return `  ${name.padEnd(34)}${text.padStart(10)}`;
  }),
  '',
];

/** A row that is only of interest when there is something in it. */
const optional = (name: string, count: number): Row[] => (count === 0 ? [] : [[name, count]]);
