import pc from 'picocolors';
import type { Audit } from './audit.js';
import { grouped, seconds } from './format.js';
import type { Outcome } from './run.js';

type Row = readonly [name: string, count: number];

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
      ['breaches', receiver.breaches],
      ['median latency, ms', receiver.latencyMs.median],
      ['greatest latency, ms', receiver.latencyMs.greatest],
    ]),
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

function verdict({ elapsedMs }: Outcome, balances: boolean): string {
  const after = `after ${seconds(elapsedMs)}`;
  return balances
    ? pc.green(`The account balances, ${after}.`)
    : pc.red(`The account does not balance, ${after}.`);
}

const section = (title: string, rows: readonly Row[]): string[] => [
  pc.bold(title),
  ...rows.map(([name, count]) => `  ${name.padEnd(34)}${grouped(count).padStart(10)}`),
  '',
];

/** A row that is only of interest when there is something in it. */
const optional = (name: string, count: number): Row[] => (count === 0 ? [] : [[name, count]]);
