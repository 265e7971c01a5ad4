import type { Progress } from './run.js';

/** Shows how the run goes. */
export interface View {
  /** How often it wants to show something. */
  readonly intervalMs: number;
  show(progress: Progress): void;
  /** Leaves the terminal as it was. */
  close(): void;
}
