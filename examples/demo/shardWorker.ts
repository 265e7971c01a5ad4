/** What the workers of `--workers` run: the pipeline of a shard. */
import { workerData } from 'node:worker_threads';
import { eachMessage } from 'rxjs-reliable';
import { exposePipeline } from 'rxjs-reliable/worker';
import type { Message } from './message.js';
import type { Settings } from './settings.js';
import { shardWork } from './shardWork.js';

exposePipeline<Message, Message>(
  eachMessage(shardWork(workerData as Settings), { concurrency: 1 }),
);
