import { clockSabotages } from './clockSabotages.js';
import { lifeSabotages } from './lifeSabotages.js';
import { messageSabotages } from './messageSabotages.js';
import { optionSabotages } from './optionSabotages.js';
import type { Sabotage } from './Sabotage.js';

/** For each shared property at least one operator that breaks it. */
export const sabotages: readonly Sabotage[] = [
  ...[...lifeSabotages, ...messageSabotages, ...clockSabotages, ...optionSabotages],
];
