import type { NumberRange, ReceiverReport, SenderReport } from './processes.js';

/** One thing that must hold, and whether it does. */
export interface Check {
  readonly holds: boolean;
  readonly claim: string;
}

export interface Audit {
  readonly delivered: number;
  /** Reported lost and never delivered. */
  readonly lost: number;
  /** Reported lost, and delivered after all. */
  readonly revived: number;
  readonly checks: readonly Check[];
}

type Sent = Pick<SenderReport, 'sent' | 'checksums'>;
type Received = Pick<
  ReceiverReport,
  | 'delivery'
  | 'checksums'
  | 'losses'
  | 'received'
  | 'answered'
  | 'duplicates'
  | 'late'
  | 'refused'
  | 'droppedByShards'
>;

/** Compares what the sender says it sent with what the receiver wrote down, number by number. */
export function audit(sender: Sent, receiver: Received): Audit {
  const delivered = new Set(receiver.delivery);
  const reported = numbersIn(receiver.losses, sender.sent);
  const lost = [...reported].filter((seq) => !delivered.has(seq)).length;
  return {
    delivered: receiver.delivery.length,
    lost,
    revived: reported.size - lost,
    checks: [
      checkBalance(sender, receiver, lost),
      checkEveryNumber(sender, delivered, reported),
      checkOrder(receiver),
      checkOnce(receiver, delivered),
      checkContent(sender, receiver),
      checkConservation(receiver),
    ],
  };
}

function checkBalance({ sent }: Sent, { delivery }: Received, lost: number): Check {
  const holds = sent === delivery.length + lost;
  const sum = `${group(delivery.length)} delivered + ${group(lost)} lost`;
  return { holds, claim: `${group(sent)} sent ${holds ? '=' : '≠'} ${sum}` };
}

/** The sums could agree by accident; the numbers cannot. */
function checkEveryNumber(
  { sent }: Sent,
  delivered: ReadonlySet<number>,
  reported: ReadonlySet<number>,
): Check {
  const silent = count(sent, (seq) => !delivered.has(seq) && !reported.has(seq));
  const invented = [...delivered].filter((seq) => seq < 1 || seq > sent).length;
  return verdict('every number was delivered or reported lost', {
    'vanished silently': silent,
    'never sent': invented,
  });
}

function checkOrder({ delivery }: Received): Check {
  const early = delivery.filter((seq, at) => seq < (delivery[at - 1] ?? 0)).length;
  return verdict('in order', { 'behind a greater number': early });
}

function checkOnce({ delivery }: Received, delivered: ReadonlySet<number>): Check {
  return verdict('none twice', { repeated: delivery.length - delivered.size });
}

function checkContent(sender: Sent, { delivery, checksums }: Received): Check {
  const changed = delivery.filter((seq, at) => checksums[at] !== sender.checksums[seq - 1]).length;
  return verdict('payloads as sent, by checksum', { changed });
}

/** What went into the pipeline came out of it, or an event said why not. */
function checkConservation(receiver: Received): Check {
  const entered = receiver.received + receiver.answered;
  const { duplicates, late, refused, droppedByShards } = receiver;
  const dropped = duplicates + late + refused + droppedByShards;
  const left = entered - dropped - receiver.delivery.length;
  const claim = `${group(entered)} received = delivered + ${group(dropped)} dropped with an event`;
  return verdict(claim, { 'without a trace': left });
}

function verdict(claim: string, faults: Readonly<Record<string, number>>): Check {
  const found = Object.entries(faults).filter(([, number]) => number !== 0);
  const details = found.map(([name, number]) => `${group(number)} ${name}`).join(', ');
  return { holds: found.length === 0, claim: details === '' ? claim : `${claim}: ${details}` };
}

const group = (number: number): string => number.toLocaleString('en-US');

function count(last: number, isCounted: (seq: number) => boolean): number {
  let counted = 0;
  for (let seq = 1; seq <= last; seq++) if (isCounted(seq)) counted++;
  return counted;
}

/** Bounded by what was sent: a report of more is nonsense, and must not cost more. */
function numbersIn(ranges: readonly NumberRange[], most: number): Set<number> {
  const numbers = new Set<number>();
  for (const { first, last } of ranges) {
    for (let seq = Math.max(1, first); seq <= Math.min(last, most); seq++) numbers.add(seq);
  }
  return numbers;
}
