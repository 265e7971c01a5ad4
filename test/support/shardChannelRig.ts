import { Parcel } from '../../src/core/Parcel.js';
import { ShardChannel } from '../../src/core/ShardChannel.js';

/** The channel of shard 1 of 2; what it reports is written down. */
export function make() {
  const reports: string[] = [];
  const loads = [0, 0];
  const channel = new ShardChannel<string>(1, loads, (kind, { message }, shard) => {
    reports.push(`${kind} ${message} ${String(shard)}`);
  });
  let ticket = 0;
  const accept = (message: string): Parcel<string> => {
    const parcel = new Parcel(ticket++, message, undefined, undefined);
    channel.accept(parcel);
    return parcel;
  };
  /** Has messages tracked; writes down what the tracker hears. */
  const track = (): string[] => {
    const heard: string[] = [];
    channel.tracker = {
      line: { isClear: true },
      accepted: ({ message }) => heard.push(`accepted ${message}`),
      dropped: ({ message }) => heard.push(`dropped ${message}`),
    };
    return heard;
  };
  return { channel, loads, reports, accept, track };
}
