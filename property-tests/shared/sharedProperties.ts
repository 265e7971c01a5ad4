import { boundedness } from './boundedness.js';
import { causality } from './causality.js';
import { clockFaults } from './clockFaults.js';
import { conservation } from './conservation.js';
import { cost } from './cost.js';
import { determinism } from './determinism.js';
import { grammar } from './grammar.js';
import { identity } from './identity.js';
import { independence } from './independence.js';
import { isolation } from './isolation.js';
import { labelShift } from './labelShift.js';
import { oneTimer } from './oneTimer.js';
import { optionValidation } from './optionValidation.js';
import { reentrancy } from './reentrancy.js';
import type { SharedProperty } from './SharedProperty.js';
import { sourceError } from './sourceError.js';
import { teardown } from './teardown.js';
import { throwingCallbacks } from './throwingCallbacks.js';
import { timeShift } from './timeShift.js';
import { types } from './types.js';

/** What every operator has to keep to, in the order of their numbers. */
export const sharedProperties: readonly SharedProperty[] = [
  ...[grammar, independence, teardown, oneTimer, sourceError, throwingCallbacks, identity],
  ...[conservation, determinism, isolation, timeShift, labelShift, causality, boundedness],
  ...[reentrancy, clockFaults, optionValidation, cost, types],
];
