import type { Now } from '../../src/core/Machine.js';
import { SequenceMachine } from '../../src/core/SequenceMachine.js';
import type { SequenceSettings } from '../../src/sequenceOptions.js';
import type { InvalidReason, ResetReason, SequenceNumber } from '../../src/types.js';
import { Feed, type Packet, packetSequence } from './machines.js';

/** Writes down what the machine is told. */
export class Recorder extends SequenceMachine<Packet, undefined> {
  readonly deadlineMs = Infinity;
  readonly log: string[] = [];
  /** What {@link suspect} answers: whether doubtful messages are held. */
  isHolding = true;
  wanted: (first: number, last: number) => boolean = () => false;

  constructor(settings: Partial<SequenceSettings<Packet>> = {}) {
    super({ ...packetSequence, ...settings }, undefined);
    this.expectFirst();
  }

  settle(nowMs: number): void {
    this.rejectSuspects(nowMs, 100);
  }

  end(): void {
    this.rejectSuspects(Infinity, 0);
  }

  discard(): void {
    this.end();
  }

  /** How many doubtful messages it keeps. */
  get suspectCount(): number {
    return this.suspects.length;
  }

  /** Handles an answer to a request. */
  answer(message: Packet, isTrusted: boolean, now: Now): void {
    this.isAnswer = true;
    this.isTrusted = isTrusted;
    this.push(message, now);
    this.isAnswer = false;
    this.isTrusted = false;
  }

  /** What was told since the last time. */
  drain(): string[] {
    return this.log.splice(0);
  }

  protected begin(position: number, isExpected: boolean): void {
    this.log.push(`begin ${String(position)}${isExpected ? ' expected' : ''}`);
  }

  protected accept(_: Packet, first: number, last: number): boolean {
    this.log.push(
      first === last ? `accept ${String(last)}` : `accept ${String(first)}-${String(last)}`,
    );
    if (last > this.high) this.high = last;
    return true;
  }

  protected reject(message: Packet, reason: InvalidReason, wasSuspect: boolean): void {
    this.log.push(`${reason} ${String(message.seq)}${wasSuspect ? ' suspect' : ''}`);
  }

  protected suspect(message: Packet, now: Now): number | undefined {
    this.log.push(`suspect ${String(message.seq)}`);
    return this.isHolding ? now() : undefined;
  }

  protected isWanted(first: number, last: number): boolean {
    return this.wanted(first, last);
  }

  protected restart(reason: ResetReason): void {
    this.log.push(`restart ${reason}`);
  }
}

export class Rig extends Feed<Packet> {
  constructor(override readonly machine: Recorder) {
    super(machine);
  }

  /** Feeds numbers; returns what came of them. */
  feed(...seqs: readonly Packet['seq'][]): string[] {
    this.push(...seqs.map((seq) => ({ seq })));
    return this.machine.drain();
  }

  send(...messages: readonly Packet[]): string[] {
    this.push(...messages);
    return this.machine.drain();
  }
}

export const rig = (settings: Partial<SequenceSettings<Packet>> = {}): Rig =>
  new Rig(new Recorder(settings));

export const bad = (value: unknown): Packet['seq'] => value as SequenceNumber;
