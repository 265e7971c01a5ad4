import type { SharedSubject } from './SharedSubject.js';

/** The names of all functions that users give to a subject. */
export function callbacksOf({ callbacks }: SharedSubject): string[] {
  return ['onEvent', ...Object.keys(callbacks)];
}

/** One of them. */
export function callbackOf(subject: SharedSubject, drawn: number): string {
  const names = callbacksOf(subject);
  return names[drawn % names.length] ?? 'onEvent';
}
