import { BurstLoss } from './BurstLoss.js';
import { corruptions } from './corruptions.js';
import { drawDelayMs } from './drawDelayMs.js';
import type { FaultProfile } from './FaultProfile.js';
import type { FaultRecord } from './FaultRecord.js';
import { SeededRandom } from './SeededRandom.js';

/** Plays a profile through: one plain record for every message. */
export function materialiseFaults(profile: FaultProfile): FaultRecord[] {
  const { messages, tail = 0 } = profile;
  const gapsMs = drawGapsMs(profile);
  const isBlackedOut = blackoutOf(profile, gapsMs);
  const loses = lossOf(profile);
  const random = new SeededRandom(profile.seed, 3);
  return gapsMs.map((gapMs, index) => {
    const isLost = loses();
    const copies = drawCopies(profile, random);
    const isDark = isBlackedOut(index);
    const { restart, jump, straggler, corrupt = 0 } = profile;
    const isAt = (spot: { readonly atPercent: number } | undefined): boolean =>
      spot !== undefined && index === Math.floor((spot.atPercent * messages) / 100);
    const delayMs = drawDelayMs(profile.delay ?? 0, random);
    const isCorrupt = random.chance(corrupt / 100);
    const corruption = corruptions[random.integer(1, corruptions.length - 1)] ?? 'none';
    return {
      gapMs,
      drop: isLost || isDark || index >= messages - tail,
      delayMs: isAt(straggler) ? (straggler?.delayMs ?? 0) : delayMs,
      copies: isDark || index >= messages - tail ? [] : copies,
      corrupt: isCorrupt ? corruption : 'none',
      restart: isAt(restart),
      epoch: isAt(restart) && restart?.epoch === true,
      jump: isAt(jump) ? (jump?.by ?? 0) : 0,
    };
  });
}

function drawGapsMs({ seed, messages, spacing, burst }: FaultProfile): number[] {
  const random = new SeededRandom(seed, 1);
  return Array.from({ length: messages }, (_, index) => {
    const gapMs = drawDelayMs(spacing, random);
    if (burst === undefined) return gapMs;
    return index > 0 && index % burst.size === 0 ? burst.silenceMs : 0;
  });
}

function lossOf({ seed, loss }: FaultProfile): () => boolean {
  if (loss === undefined) return () => false;
  const channel = new BurstLoss(new SeededRandom(seed, 2), loss.percent / 100, loss.meanBurst);
  return () => channel.loses();
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
