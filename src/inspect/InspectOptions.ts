/** What one message's fields are called; undefined where the recording has no such field, or it is to be found. */
export interface FieldNames {
  readonly seq: string | undefined;
  readonly time: string | undefined;
  readonly key: string | undefined;
  readonly previous: string | undefined;
  readonly first: string | undefined;
  readonly epoch: string | undefined;
}

/** How the feed is numbered; handed to the operators. */
export interface Numbering {
  readonly modulus: number | bigint | undefined;
  readonly maxJump: number | undefined;
  readonly maxMisorder: number | undefined;
  readonly maxKeys: number;
}

/** What the command line asks for. */
export interface InspectOptions {
  /** Path of the recording; `-` for standard input. */
  readonly file: string;
  readonly fields: FieldNames;
  readonly numbering: Numbering;
  readonly format: 'csv' | 'ndjson' | undefined;
  readonly delimiter: string;
  /** All numbers are bigints; otherwise the first one decides. */
  readonly bigint: boolean;
  /** The recording has no time of arrival, or none worth using. */
  readonly noTime: boolean;
  /** What a time is multiplied by to get ms. */
  readonly msPerUnit: number;
  /** Waits to try out, in ms, ascending. */
  readonly waits: readonly number[];
  readonly json: boolean;
  readonly skipInvalid: boolean;
}
