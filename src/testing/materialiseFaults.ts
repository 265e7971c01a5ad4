import { BurstLoss } from './BurstLoss.js';
import { corruptions } from './corruptions.js';
import { DelaySource } from './DelaySource.js';
import { drawDelayMs } from './drawDelayMs.js';
import type { FaultProfile } from './FaultProfile.js';
import type { Corruption, FaultRecord } from './FaultRecord.js';
import { healFaults } from './healFaults.js';
import { clogged, displaced, queued, type Transit } from './transits.js';
import { SeededRandom } from './SeededRandom.js';

/** Plays a profile through: one plain record for every message. */
export function materialiseFaults(profile: FaultProfile): FaultRecord[] {
  const { messages, seed, heal } = profile;
  const gapsMs = drawGapsMs(profile);
  const random = new SeededRandom(seed, 3);
  const shared = new SeededRandom(seed, 4);
  const originals = drawTransits(profile, gapsMs);
  const isGone = goneOf(profile, gapsMs);
  const records = originals.map(({ delayMs, isLost }, index): FaultRecord => {
    const copies = drawCopies(profile, random);
    return {
      gapMs: gapsMs[index] ?? 0,
      drop: isLost || isGone(index),
      delayMs,
      copies: isGone(index) ? [] : copies,
      corrupt: drawCorruption(profile, random),
      ...sentBy(profile, index, shared),
    };
  });
  return heal === undefined ? records : healFaults(records, placeOf(heal, messages));
}

const placeOf = (spot: { readonly atPercent: number }, messages: number): number =>
  Math.floor((spot.atPercent * messages) / 100);

function drawGapsMs({ seed, messages, spacing, burst }: FaultProfile): number[] {
  const random = new SeededRandom(seed, 1);
  return Array.from({ length: messages }, (_, index) => {
    const gapMs = drawDelayMs(spacing, random);
    if (burst === undefined) return gapMs;
    return index > 0 && index % burst.size === 0 ? burst.silenceMs : 0;
  });
}

/** When each original arrives, and which are lost on the way. */
function drawTransits(profile: FaultProfile, gapsMs: readonly number[]): Transit[] {
  const { clog, correlation = 0, messages, queue, reorder, seed, straggler } = profile;
  const loses = lossOf(profile);
  const delays = new DelaySource(profile.delay ?? 0, correlation, new SeededRandom(seed, 5));
  let sentMs = 0;
  let transits = gapsMs.map((gapMs): Transit => {
    sentMs += gapMs;
    return { sentMs, delayMs: delays.nextMs(), isLost: loses() };
  });
  if (reorder !== undefined) transits = displaced(transits, reorder, new SeededRandom(seed, 6));
  if (clog !== undefined) transits = clogged(transits, clog, new SeededRandom(seed, 7));
  const late = straggler === undefined ? -1 : placeOf(straggler, messages);
  transits = transits.map((one, index) => {
    const delayMs = index === late ? (straggler?.delayMs ?? 0) : one.delayMs;
    return { ...one, delayMs: Math.min(delayMs, profile.maxDelayMs) };
  });
  return queue === undefined ? transits : queued(transits, queue, new SeededRandom(seed, 8));
}

function lossOf({ seed, loss }: FaultProfile): () => boolean {
  if (loss === undefined) return () => false;
  const { meanBurst } = loss;
  const [good, bad] = [loss.goodPercent / 100, loss.badPercent / 100];
  const ratio = Math.min(Math.max(loss.percent / 100, good), bad);
  const channel = new BurstLoss(new SeededRandom(seed, 2), { ratio, meanBurst, good, bad });
  return () => channel.loses();
}

/** Which messages are lost with all their copies: in the blackout, at the end, and those aimed at. */
function goneOf(profile: FaultProfile, gapsMs: readonly number[]): (index: number) => boolean {
  const { messages, tail = 0, target = [] } = profile;
  const isDark = blackoutOf(profile, gapsMs);
  const aims = new Set(
    target.map((atPercent) => Math.min(placeOf({ atPercent }, messages), messages - 1)),
  );
  return (index) => isDark(index) || index >= messages - tail || aims.has(index);
}

/** Which messages are sent during the blackout. */
function blackoutOf(
  { blackout }: FaultProfile,
  gapsMs: readonly number[],
): (index: number) => boolean {
  if (blackout === undefined) return () => false;
  let sentMs = 0;
  const sentAtMs = gapsMs.map((gapMs) => (sentMs += gapMs));
  const fromMs = Math.floor((blackout.startPercent * sentMs) / 100);
  return (index) => {
    const atMs = sentAtMs[index] ?? 0;
    return atMs >= fromMs && atMs < fromMs + blackout.lengthMs;
  };
}

function drawCopies({ duplicate }: FaultProfile, random: SeededRandom): number[] {
  if (duplicate === undefined || !random.chance(duplicate.percent / 100)) return [];
  const count = random.integer(1, duplicate.copies);
  return Array.from({ length: count }, () => drawDelayMs(duplicate.delay, random));
}

function drawCorruption({ corrupt, hostile }: FaultProfile, random: SeededRandom): Corruption {
  if (hostile !== undefined && random.chance(hostile / 100)) return 'throws';
  if (corrupt === undefined || !random.chance(corrupt / 100)) return 'none';
  return corruptions[random.integer(1, corruptions.length - 1)] ?? 'none';
}

/** What the sender itself does to message `index`. */
function sentBy(
  { jump, messages, restart, skew, wrap }: FaultProfile,
  index: number,
  random: SeededRandom,
): Omit<FaultRecord, 'gapMs' | 'drop' | 'delayMs' | 'copies' | 'corrupt'> {
  const isAt = (spot: { readonly atPercent: number } | undefined): boolean =>
    spot !== undefined && index === placeOf(spot, messages);
  const isWrapping = wrap !== undefined && index === 0;
  // The numbers begin so far below the modulus that they wrap in the right place.
  const head = isWrapping ? wrap.modulus - (placeOf(wrap, messages) % wrap.modulus) : 0;
  const producer = skew === undefined ? 0 : random.integer(0, skew.length - 1);
  return {
    restart: isAt(restart),
    epoch: isAt(restart) && restart?.epoch === true,
    jump: head + (isAt(jump) ? (jump?.by ?? 0) : 0),
    ...(isWrapping ? { modulus: wrap.modulus } : {}),
    ...(skew === undefined ? {} : { producer, skewMs: skew[producer] ?? 0 }),
  };
}
