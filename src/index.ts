export * from '../operators/reorderBy.js';
export * from '../operators/sequenceGaps.js';
export type * from './core/GapEvent.js';
export { type GapMarker, isGapMarker } from './core/GapMarker.js';
export { noSuchMessages, type NoSuchMessages } from './core/NoSuchMessages.js';
export type * from './core/ReorderEvent.js';
export * from './errors.js';
export { monotonicScheduler } from './rx/monotonicScheduler.js';
export type * from './types.js';
