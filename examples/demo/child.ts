import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { ReplaySubject } from 'rxjs';
import type { FromChild, ToChild } from './processes.js';

/** One of the demo's processes, as its parent sees it. */
export class Child<Status, Report> {
  readonly #ready$ = new ReplaySubject<number>(1);
  readonly #report$ = new ReplaySubject<Report>(1);
  readonly #failure$ = new ReplaySubject<never>(1);
  /** The port it listens at, once it does. */
  readonly ready$ = this.#ready$.asObservable();
  /** The last it tells. */
  readonly report$ = this.#report$.asObservable();
  /** Errors when the process ends: it is not meant to, before it is killed. */
  readonly failure$ = this.#failure$.asObservable();
  /** How far it is. */
  status: Status | undefined;
  readonly #process: ChildProcess;

  constructor(name: string, settings: unknown) {
    const file = fileURLToPath(new URL(`./${name}.js`, import.meta.url));
    this.#process = fork(file, [JSON.stringify(settings)], { serialization: 'advanced' });
    this.#process.on('message', (message) => this.#hear(message as FromChild<Status, Report>));
    this.#process.on('error', (error) => this.#failure$.error(error));
    this.#process.on('exit', (code, signal) => {
      this.#failure$.error(new Error(`the ${name} has ended (${code ?? signal ?? 'unknown'})`));
    });
  }

  tell(order: ToChild): void {
    if (this.#process.connected) this.#process.send(order);
  }

  kill(): void {
    this.#process.kill('SIGKILL');
  }

  #hear(message: FromChild<Status, Report>): void {
    if (message.kind === 'ready') this.#ready$.next(message.port);
    if (message.kind === 'status') this.status = message.status;
    if (message.kind === 'report') this.#report$.next(message.report);
  }
}
