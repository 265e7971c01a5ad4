import type { MergeShardsEvent } from '../../src/core/MergeEvent.js';
import { Parcel } from '../../src/core/Parcel.js';
import type { ResultOrder } from '../../src/core/ResultOrder.js';
import { ShardChannel } from '../../src/core/ShardChannel.js';
import { type RunSettings, ShardRun } from '../../src/core/ShardRun.js';
import { Turn } from '../../src/core/Turn.js';
import { takeAll } from './takeAll.js';

interface Settings extends Partial<RunSettings<string, string>> {
  readonly isReporting?: boolean;
  /** Messages that are there before the shard is merged. */
  readonly before?: readonly string[];
  /** What closes the output. */
  readonly closesAt?: string;
}

/** A run in an order that takes turns and time; writes down what is told to whom. */
export function make(
  { isReporting = true, before = [], closesAt, ...settings }: Settings = {},
  output?: unknown,
) {
  const log: string[] = [];
  const events: MergeShardsEvent<string, string>[] = [];
  const order: ResultOrder<string> = {
    deadlineMs: Infinity,
    isClear: false,
    settle: () => undefined,
    open: () => undefined,
    accepted: (parcel) => {
      parcel.turn = new Turn(parcel.ticket);
      log.push(`accepted ${String(parcel.ticket)}`);
    },
    result: (value, shard, turn, now) =>
      log.push(`${value} of ${String(turn?.ticket)} in ${String(shard)} at ${String(now())}`),
    finish: (turn) => log.push(`finish ${String(turn.ticket)}`),
    failed: (turn) => log.push(`failed ${String(turn.ticket)}`),
    restart: (turn) => log.push(`restart ${String(turn.ticket)}`),
    close: (shard, now) => log.push(`close ${String(shard)} at ${String(now())}`),
    discard: () => undefined,
  };
  const channel = new ShardChannel<string>(3, [0, 0, 0, 0], (kind, { message }) => {
    log.push(`${kind} ${message}`);
  });
  const receiver = takeAll<string>([]);
  const run = new ShardRun<string, string>(
    {
      order,
      host: {
        get closed() {
          return closesAt !== undefined && log.includes(closesAt);
        },
        listen: (open) => {
          open();
          channel.subscribe(receiver);
        },
        interlude: (work) => {
          work();
        },
        enter: (work) => {
          log.push('enter');
          work();
        },
        settle: (work) => {
          log.push('settle');
          work(() => 7);
        },
        fail: (error) => log.push(String(error)),
      },
      report: isReporting
        ? (event) => {
            events.push(event);
            log.push(event.kind);
          }
        : undefined,
      onShardError: 'drop',
      maxRestarts: 2,
      onOver: () => log.push('over'),
      ...settings,
    },
    channel,
    () => output,
  );
  let ticket = 0;
  const accept = (message: string): Parcel<string> => {
    const parcel = new Parcel(ticket++, message, undefined, undefined);
    channel.accept(parcel);
    return parcel;
  };
  for (const message of before) accept(message);
  run.start();
  /** What was written down since the last time. */
  const take = (): string[] => log.splice(0);
  return { run, channel, receiver, accept, take, events };
}
