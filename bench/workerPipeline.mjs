import { map } from 'rxjs';
import { exposePipeline } from 'rxjs-reliable/worker';
import { spin } from './spin.mjs';

exposePipeline((source$) => source$.pipe(map(({ seq, turns }) => spin(turns, seq))));
