import type { SharedCase } from '../support/shared/sharedCase.js';
import type { SharedSubject } from '../support/shared/SharedSubject.js';

/** Says that a case has come through a corner. */
export type Met = (corner: string) => void;

/** What every operator has to keep to. */
export interface SharedProperty {
  /** Its number among the properties of all operators. */
  readonly id: `G${number}`;
  readonly title: string;
  /** How many cases it is tried with, for each operator. */
  readonly streams: number;
  /** What at least one of 200 cases has to come through. */
  readonly corners?: (subject: SharedSubject) => readonly string[];
  /** Throws if it is broken. */
  readonly holds: (subject: SharedSubject, drawn: SharedCase, met: Met) => void;
}
