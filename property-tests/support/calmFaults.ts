/** Trouble that leaves every number what it is. */
export const calmFaults = [
  'burst',
  'loss',
  'blackout',
  'tail',
  'duplicate',
  'delay',
  'straggler',
] as const;
