import { slaTimeout, type SlaTimeoutEvent } from 'rxjs-reliable';
import { type Message, nameOf, Oracle } from '../Oracle.js';
import type { SoakCase } from '../SoakCase.js';

type Event = SlaTimeoutEvent<Message, number>;

const keys = 20;
const softMs = 12_000;
const silenceMs = 15_000;
/** Longer than the longest delay of a timer, 2^31 - 1 ms. */
const totalMs = 25 * 86_400_000;

/** A key's silence. */
interface Silence {
  sinceMs: number;
  stage: 'running' | 'warned' | 'breached' | 'recovered';
}

/** When each key was heard last. */
class SlaKeysOracle extends Oracle<Event> {
  readonly #silences = new Map<number, Silence>();
  readonly #counts = { emitted: 0, warnings: 0, breaches: 0, recovered: 0 };
  #isTotalBreached = false;

  emitted(message: Message): void {
    this.settle(message, 'emitted');
    this.#counts.emitted += 1;
    const { nowMs } = this;
    const key = keyOf(message);
    const silence = this.#silences.get(key);
    if (silence === undefined) {
      this.#silences.set(key, { sinceMs: nowMs, stage: 'running' });
      return;
    }
    const due = stageAfter(nowMs - silence.sinceMs);
    this.expect(
      silence.stage === (due === 'breached' ? 'recovered' : due),
      () => `${nameOf(message)} after a silence that was ${silence.stage}, not ${due}`,
    );
    silence.sinceMs = nowMs;
    silence.stage = 'running';
  }

  heard(event: Event): void {
    const isKnown =
      event.kind === 'warning' || event.kind === 'breach' || event.kind === 'recovered';
    if (!isKnown) this.expect(this.#isEnd(event), () => `an event '${event.kind}'`);
    else if (event.limit === 'total') this.#hearTotal(event);
    else this.#hearSilence(event);
  }

  finish(): string {
    const { breaches, emitted, recovered, warnings } = this.#counts;
    const hasPassed = this.nowMs >= totalMs;
    this.expect(this.#isTotalBreached === hasPassed, () => 'the total is not right');
    for (const [key, { sinceMs, stage }] of this.#silences) {
      const due = stageAfter(this.#endMs - sinceMs);
      this.expect(stage === due, () => `the silence of ${key} is ${stage} in the end, not ${due}`);
    }
    return `${emitted} passed, ${warnings} warnings, ${breaches} breaches, ${recovered} recovered`;
  }

  #endMs = NaN;

  override completing(): void {
    this.#endMs = this.nowMs;
  }

  #isEnd(event: Event): boolean {
    return event.kind === 'abandoned' && event.limit === 'total' && event.reason === 'completed';
  }

  #hearTotal(event: Extract<Event, { readonly limit: string }>): void {
    if (event.kind === 'warning') return;
    const isRight = event.kind === 'breach' && this.nowMs === totalMs && !this.#isTotalBreached;
    this.expect(isRight || this.#isTotalBreached, () => `an event '${event.kind}' of the total`);
    this.#isTotalBreached = true;
  }

  #hearSilence(event: Extract<Event, { readonly kind: 'warning' | 'breach' | 'recovered' }>): void {
    const silence = this.#silences.get(event.key);
    const isRight =
      silence !== undefined && event.deadlineMs === silence.sinceMs + silenceMs
        ? this.#advance(event, silence)
        : false;
    this.expect(isRight, () => `an event '${event.kind}' of key ${event.key}`);
  }

  #advance(event: Event, silence: Silence): boolean {
    const silentMs = this.nowMs - silence.sinceMs;
    const { stage } = silence;
    switch (event.kind) {
      case 'warning':
        silence.stage = 'warned';
        this.#counts.warnings += 1;
        return stage === 'running' && silentMs === softMs && event.elapsedMs === softMs;
      case 'breach':
        silence.stage = 'breached';
        this.#counts.breaches += 1;
        return stage === 'warned' && silentMs === silenceMs && event.elapsedMs === silenceMs;
      case 'recovered':
        silence.stage = 'recovered';
        this.#counts.recovered += 1;
        return stage === 'breached' && event.lateByMs === silentMs - silenceMs;
      default:
        return false;
    }
  }
}

const keyOf = ({ seq }: Message): number => seq % keys;

function stageAfter(silentMs: number): Silence['stage'] {
  if (silentMs >= silenceMs) return 'breached';
  return silentMs >= softMs ? 'warned' : 'running';
}

/** Twenty keys, each of them silent now and then, and one deadline beyond the reach of a single timer. */
export const slaKeys: SoakCase<Event> = {
  name: 'slaTimeout:keys',
  make: (setup) => {
    const oracle = new SlaKeysOracle(setup);
    const onEvent = setup.relay<Event>((event) => oracle.heard(event));
    const { clock: scheduler } = setup;
    const options = { keyBy: keyOf, softMs, onEvent, scheduler };
    return { oracle, operator: slaTimeout<Message, number>({ silenceMs, totalMs }, options) };
  },
};
