import type { FromChild, ToChild } from './processes.js';

/** How often a process tells its parent how far it is. */
const statusIntervalMs = 100;

/** A child's side of the channel to its parent. */
export interface Parent<Status, Report> {
  ready(port: number): void;
  /** Tells the parent now and then how far this process is. */
  watch(status: () => Status): void;
  report(report: Report): void;
  on<Kind extends ToChild['kind']>(
    kind: Kind,
    handle: (order: Extract<ToChild, { kind: Kind }>) => void,
  ): void;
}

/** What the parent passed on the command line. */
export const childArguments = (): unknown => JSON.parse(process.argv[2] ?? '{}');

export function connectToParent<Status, Report>(): Parent<Status, Report> {
  // Ctrl-C reaches every process of a terminal: the parent decides, and hanging up is its word.
  process.on('SIGINT', () => undefined);
  process.on('disconnect', () => process.exit());
  const send = (message: FromChild<Status, Report>): void => {
    if (process.connected) process.send?.(message);
  };
  return {
    ready: (port) => send({ kind: 'ready', port }),
    watch: (status) => {
      setInterval(() => send({ kind: 'status', status: status() }), statusIntervalMs);
    },
    report: (report) => send({ kind: 'report', report }),
    on: (kind, handle) => {
      process.on('message', (order: ToChild) => {
        if (order.kind === kind) handle(order as Parameters<typeof handle>[0]);
      });
    },
  };
}
