import type { Settings } from './settings.js';

export const grouped = (number: number): string => Math.round(number).toLocaleString('en-US');

export const percent = (ratio: number): string => `${Number((ratio * 100).toFixed(1))} %`;

export const seconds = (ms: number): string => `${(ms / 1_000).toFixed(1)} s`;

/** What the relay does to the traffic, in words. */
export function faultsOf(settings: Settings): string {
  const { loss, burst, repeat, jitterMs, seed, recover } = settings;
  const bursts = burst > 1 ? ` in bursts of ${burst}` : '';
  const requests = recover ? '' : ' · no re-requests';
  return (
    `${percent(loss)} loss${bursts} · ${percent(repeat)} repeats · ` +
    `jitter 0–${jitterMs} ms${requests} · seed ${seed}`
  );
}
