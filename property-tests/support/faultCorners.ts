/** What a drawn case is made of, whatever runs on it: corners seen in the script alone. */
import type { Arrival, ClockRecord, FaultRecord, ResponderRecord } from 'rxjs-reliable/testing';
import type { FaultRules } from './faultCases.js';

/** A state that has to come up, and whether it did. */
export type Corner = readonly [name: string, isMet: boolean];

const isClean = ({ copies, corrupt, delayMs, drop, restart, jump }: FaultRecord): boolean =>
  !drop && !restart && delayMs + copies.length + jump === 0 && corrupt === 'none';

/** The longest run of messages of which neither the original nor a copy arrives. */
function longestLoss(script: readonly FaultRecord[]): number {
  let [run, longest] = [0, 0];
  for (const { copies, drop } of script) {
    run = drop && copies.length === 0 ? run + 1 : 0;
    longest = Math.max(longest, run);
  }
  return longest;
}

/** Corners of a stream. */
export function streamCorners(
  script: readonly FaultRecord[],
  arrivals: readonly Arrival[],
  { maxBuffer, maxWaitMs }: FaultRules,
): Corner[] {
  const loss = longestLoss(script);
  const instants = new Set(arrivals.map(({ atMs }) => atMs));
  const order = arrivals.filter(({ message }) => message.copy === 0).map((a) => a.message.index);
  const some = (has: (record: FaultRecord) => boolean): boolean => script.some(has);
  return [
    ['empty stream', script.length === 0],
    ['one arrival', arrivals.length === 1],
    ['nothing arrives of what was sent', script.length > 0 && arrivals.length === 0],
    ['fault-free stream', script.length > 0 && script.every(isClean)],
    ['first message lost', script[0]?.drop === true],
    ['last message lost', script.at(-1)?.drop === true],
    ['two lost in a row', loss >= 2],
    ['as many lost in a row as there is room', loss >= maxBuffer],
    ['two arrivals at one instant', instants.size < arrivals.length],
    ['out of order', order.some((index, place) => index < (order[place - 1] ?? -1))],
    ['copy before original', some((r) => !r.drop && r.copies.some((ms) => ms < r.delayMs))],
    ['copy of what was lost', some(({ copies, drop }) => drop && copies.length > 0)],
    ['three copies', some(({ copies }) => copies.length === 3)],
    ['straggler', some(({ delayMs }) => delayMs > maxWaitMs)],
    ['silence of a second', some(({ gapMs }) => gapMs > 1_000)],
    ['number spoilt', some(({ corrupt }) => corrupt !== 'none' && corrupt !== 'throws')],
    ['number that throws', some(({ corrupt }) => corrupt === 'throws')],
    ['restart with epoch', some(({ epoch }) => epoch)],
    ['restart without epoch', some(({ epoch, restart }) => restart && !epoch)],
    ['jump of 2^31 and more', some(({ jump }) => jump >= 2 ** 31)],
    ['wrong clock of a producer', some(({ skewMs = 0 }) => Math.abs(skewMs) > 60_000)],
    ['healed', isHealed(script)],
  ];
}

/** Whether there was trouble, and then none for at least five messages. */
function isHealed(script: readonly FaultRecord[]): boolean {
  return script.slice(-5).every(isClean) && !script.every(isClean) && script.length > 5;
}

/** Corners of a window of time after which a repeat passes. */
export function windowCorners(arrivals: readonly Arrival[], rules: FaultRules): Corner[] {
  const firstMs = new Map<number, number>();
  const ages: number[] = [];
  for (const { atMs, message } of arrivals) {
    const first = firstMs.get(message.index);
    if (first === undefined) firstMs.set(message.index, atMs);
    else ages.push(atMs - first);
  }
  const windowMs = (ages[rules.edge % Math.max(ages.length, 1)] ?? 0) + rules.edgeOffMs;
  return [
    ['repeat within the window', ages.some((age) => age < windowMs)],
    ['repeat on the edge of the window', windowMs > 0 && ages.includes(windowMs)],
    ['repeat just outside the window', windowMs > 0 && ages.includes(windowMs + 1)],
  ];
}

/** Corners of a clock. */
export function clockCorners(faults: readonly ClockRecord[]): Corner[] {
  return [
    ['clock steps ahead over 2^31 ms', faults.some((f) => f.kind === 'ahead' && f.byMs > 2 ** 31)],
    ['time passes and nothing runs', faults.some(({ kind }) => kind === 'freeze')],
    ['timers are late', faults.some(({ kind }) => kind === 'late')],
  ];
}

/** Corners of the answer to one request. */
export function answerCorners(answer: ResponderRecord, timeoutMs: number): Corner[] {
  const { delayMs, drop, mode } = answer;
  const isTimed = mode === 'async' || mode === 'partial' || mode === 'duplicate';
  return [
    ['request answered at once', !drop && mode === 'sync'],
    ['request answered in time', !drop && isTimed && delayMs > 0 && delayMs < timeoutMs],
    ['request answered on its deadline', !drop && isTimed && delayMs === timeoutMs],
    ['request answered too late', !drop && isTimed && delayMs > timeoutMs],
    ['request answered twice', !drop && mode === 'duplicate'],
    ['request answered in part', !drop && mode === 'partial'],
    ['request answered with others', !drop && (mode === 'wrong' || mode === 'stale')],
    ['request answered without an end', !drop && mode === 'endless'],
    ['request answered by an error', !drop && mode === 'error'],
    ['request answered by nothing', !drop && mode === 'complete-empty'],
    ['request never answered', !drop && mode === 'never'],
    ['request throws', mode === 'throw'],
    ['answer lost', drop],
  ];
}

/** Corners of messages that go to shards; `last` is the end. */
export function shardCorners(
  arrivals: readonly Arrival[],
  shardOf: (arrival: Arrival) => number,
  { idleMs }: FaultRules,
): Corner[] {
  const lastMs = new Map<number, number>();
  let [isLonely, wakes] = [false, false];
  for (const arrival of arrivals) {
    const shard = shardOf(arrival);
    const isIdle = (other: number): boolean => arrival.atMs - (lastMs.get(other) ?? 0) > idleMs;
    const others = [0, 1, 2, 3].filter((other) => other !== shard);
    isLonely ||= !isIdle(shard) && others.every(isIdle);
    wakes ||= lastMs.has(shard) && isIdle(shard) && !others.every(isIdle);
    lastMs.set(shard, arrival.atMs);
  }
  return [
    ['all shards idle but one', isLonely],
    ['shard wakes after its idle time', wakes],
  ];
}
