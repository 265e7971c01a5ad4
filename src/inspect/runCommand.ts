import { formatReport } from './formatReport.js';
import { helpText, inspectHelpText } from './helpText.js';
import { InputError } from './InputError.js';
import { inspectRecording } from './inspectRecording.js';
import { openRecording } from './openRecording.js';
import { readInspectOptions } from './readInspectOptions.js';
import { UsageError } from './UsageError.js';

/** What a command has of the process it runs in. */
export interface Terminal {
  readonly stdin: AsyncIterable<Uint8Array>;
  readonly version: string;
  /** Headings may be set off. */
  readonly hasColors: boolean;
  print(text: string): void;
  printError(text: string): void;
}

/** Runs `rxjs-reliable` with these arguments; returns the exit status. */
export async function runCommand(args: readonly string[], terminal: Terminal): Promise<number> {
  try {
    terminal.print(await answer(args, terminal));
    return 0;
  } catch (error) {
    if (error instanceof UsageError) {
      terminal.printError(`rxjs-reliable: ${error.message}\nTry 'rxjs-reliable --help'.\n`);
      return 2;
    }
    if (error instanceof InputError) {
      terminal.printError(`${error.message}\n`);
      return 2;
    }
    throw error;
  }
}

async function answer(args: readonly string[], terminal: Terminal): Promise<string> {
  const [command, ...rest] = args;
  switch (command) {
    case 'inspect':
      return inspect(rest, terminal);
    case '--help':
    case '-h':
    case 'help':
      return helpText;
    case '--version':
      return `${terminal.version}\n`;
    case undefined:
      throw new UsageError('no command given');
    default:
      throw new UsageError(
        `unknown ${command.startsWith('-') ? 'option' : 'command'} "${command}"`,
      );
  }
}

async function inspect(args: readonly string[], terminal: Terminal): Promise<string> {
  if (args.includes('--help') || args.includes('-h')) return inspectHelpText;
  const options = readInspectOptions(args);
  const inspected = await inspectRecording(openRecording(options.file, terminal.stdin), options);
  if (options.json) return `${JSON.stringify(inspected.report, undefined, 2)}\n`;
  const title = (text: string): string =>
    terminal.hasColors ? `\u001B[1m${text}\u001B[22m` : text;
  return formatReport(inspected, options, title);
}
