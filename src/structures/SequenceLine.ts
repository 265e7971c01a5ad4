import type { InvalidReason, SequenceNumber } from '../types.js';

/**
 * Lays one sender's numbers on an unbounded line of safe integers (positions) and labels positions with its numbers
 * again: bigints are counted from an anchor, numbers that wrap are unwrapped to the nearest position (RFC 1982).
 */
export class SequenceLine {
  /** Which of the two number types this sequence uses; fixed by its first number. */
  #usesBigint: boolean | undefined;
  /** The bigint at position 0. */
  #anchor: bigint | undefined;

  /** @param usesBigint - where it is known before the first number. */
  constructor(
    private readonly modulus: SequenceNumber | undefined,
    usesBigint?: boolean,
  ) {
    this.#usesBigint = usesBigint;
  }

  /** Whether its numbers are bigints, as far as is known. */
  get usesBigint(): boolean {
    return this.#usesBigint === true;
  }

  /** Why `value` can be no number of this sequence; undefined if it can. */
  problemOf(value: unknown): InvalidReason | undefined {
    const usesBigint = typeof value === 'bigint';
    if (!usesBigint && !Number.isSafeInteger(value)) return 'type';
    const seq = value as SequenceNumber;
    if (seq < 0) return 'negative';
    if (this.modulus !== undefined) {
      if (seq >= this.modulus) return 'modulus';
      // Plain numbers cannot count around so far.
      if (!usesBigint && this.modulus > Number.MAX_SAFE_INTEGER) return 'mixed';
    }
    return usesBigint === (this.#usesBigint ?? usesBigint) ? undefined : 'mixed';
  }

  /**
   * The position of a number without problems, the nearest to `reference` (NaN: there is none yet). NaN where it is
   * exactly half the modulus away, infinite where it is out of reach of safe integers.
   */
  locate(seq: SequenceNumber, reference: number): number {
    this.#usesBigint ??= typeof seq === 'bigint';
    if (typeof seq === 'bigint') return this.#locateBigint(seq, reference);
    if (this.modulus === undefined) return seq + 0;
    const modulus = Number(this.modulus);
    // Large numbers begin below 0: there is room for all that follow before positions are out of reach.
    if (reference !== reference) return modulus > 2 ** 52 ? seq - modulus : seq + 0;
    if (!Number.isFinite(reference)) return reference;
    return reachable(
      reference + centred(modulo(seq - modulo(reference, modulus), modulus), modulus),
    );
  }

  /** The sender's number at `position`. */
  label(position: number): SequenceNumber {
    const { modulus } = this;
    if (this.#anchor !== undefined) {
      const seq = this.#anchor + BigInt(position);
      if (modulus === undefined) return seq;
      const wrapped = seq % BigInt(modulus);
      return wrapped < 0n ? wrapped + BigInt(modulus) : wrapped;
    }
    return modulus === undefined ? position : modulo(position, Number(modulus));
  }

  /** `count` in the number type of this sequence; `Infinity` stays, as what is out of reach. */
  count(count: number): SequenceNumber {
    return this.#anchor === undefined || count === Infinity ? count : BigInt(count);
  }

  /** The number that follows `seq`. */
  successor(seq: SequenceNumber): SequenceNumber {
    const next = typeof seq === 'bigint' ? seq + 1n : seq + 1;
    if (this.modulus === undefined || next < this.modulus) return next;
    return typeof next === 'bigint' ? 0n : 0;
  }

  /** Forgets number type and anchor: the sender began anew. */
  restart(): void {
    this.#usesBigint = undefined;
    this.#anchor = undefined;
  }

  #locateBigint(seq: bigint, reference: number): number {
    this.#anchor ??= seq;
    if (this.modulus === undefined || reference !== reference) {
      return reachable(Number(seq - this.#anchor));
    }
    if (!Number.isFinite(reference)) return reference;
    const modulus = BigInt(this.modulus);
    let distance = (seq - BigInt(this.label(reference))) % modulus;
    if (distance < 0n) distance += modulus;
    if (distance * 2n === modulus) return NaN;
    return reachable(reference + Number(distance * 2n > modulus ? distance - modulus : distance));
  }
}

/** The remainder that is never negative. */
function modulo(value: number, modulus: number): number {
  const remainder = value % modulus;
  return remainder < 0 ? remainder + modulus : remainder;
}

/** A forward distance as the shorter of both ways round; NaN where both are equally long. */
function centred(distance: number, modulus: number): number {
  if (distance * 2 === modulus) return NaN;
  return distance * 2 > modulus ? distance - modulus : distance;
}

/** `position`, infinite where safe integers do not reach; NaN stays. */
function reachable(position: number): number {
  return Math.abs(position) > Number.MAX_SAFE_INTEGER ? position * Infinity : position;
}
