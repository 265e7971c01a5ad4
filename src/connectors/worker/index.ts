export type * from './Codec.js';
export * from './columns.js';
export * from './exposePipeline.js';
export * from './inWorker.js';
export * from './WorkerError.js';
export type * from './WorkerLike.js';
