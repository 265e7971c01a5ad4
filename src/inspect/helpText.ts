/** `rxjs-reliable --help` */
export const helpText = `Usage: rxjs-reliable inspect FILE [options]

Commands:
  inspect FILE   say what a recorded feed suffers from, and which limits reorderBy needs for it

Options:
  --help         this text; 'rxjs-reliable inspect --help' for the options of inspect
  --version      the version
`;

/** `rxjs-reliable inspect --help` */
export const inspectHelpText = `Usage: rxjs-reliable inspect FILE [options]

Reads a recorded feed (CSV with a header, or NDJSON; - for standard input), says what it suffers from, and tries
limits for reorderBy out on it: the real operators run over the recording, on its own clock.

Fields (of NDJSON also by path: --seq data.u):
  --seq NAME         sequence number; found if it is called seq, sequence, seqno, offset …
  --time NAME        time of arrival: a number, or a date as in ISO 8601; found if it is called time, t_ms, ts …
  --key NAME         what has numbers of its own: sender, symbol, partition …
  --first NAME       a message covers the numbers from this one (where it is not empty) to --seq
  --previous NAME    the number it says it follows (where it is not empty); then numbers may be sparse
  --epoch NAME       the sender's incarnation: a change is a restart

Numbers and times:
  --modulus N        numbers wrap to 0 at N (65536 for RTP)
  --max-jump N       how far ahead a number is believed (65536; with --previous any)
  --max-misorder N   how far behind a number is believed (1024; with --previous any)
  --max-keys N       how many keys are told apart (10000)
  --bigint           numbers go beyond 2^53; if the first one does, this is understood
  --time-unit UNIT   s, ms, us or ns (ms)
  --no-time          do without times: then only the order is looked at, and buffer sizes are tried out

Input and output:
  --format FORMAT    csv or ndjson; default: by the file's ending, or by its first character
  --delimiter CHAR   between CSV fields (,); \\t for a tab
  --skip-invalid     count what cannot be read instead of ending with an error
  --waits LIST       waits to try out, in ms (0,20,50,100,200,400,500,800)
  --json             one JSON object instead of text

Displacement is how far below the greatest number so far a message came; lateness is how long after it was first
missed a number came. Percentiles are of those messages only, and exact within 1 %. A file is read once more when
messages came later than the longest wait. Exit status: 0, or 2 if the input or the command line cannot be used.
`;
