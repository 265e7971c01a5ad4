export * from '../operators/reorderBy.js';
export type * from './core/ReorderEvent.js';
export * from './errors.js';
export { monotonicScheduler } from './rx/monotonicScheduler.js';
export type * from './types.js';
