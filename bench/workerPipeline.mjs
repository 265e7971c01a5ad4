import { workerData } from 'node:worker_threads';
import { map } from 'rxjs';
import { exposePipeline } from 'rxjs-reliable/worker';
import { spin } from './spin.mjs';
import { codecs } from './workerCodecs.mjs';

exposePipeline(
  (source$) => source$.pipe(map(({ seq, turns }) => spin(turns, seq))),
  codecs[workerData],
);
