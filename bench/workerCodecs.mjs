import { columns } from 'rxjs-reliable/worker';

const codec = columns({ seq: 'number', key: 'string', ts: 'number', turns: 'number' });

/** How messages and results travel, by name; both threads need the same. */
export const codecs = { cloned: {}, columns: { codec, resultCodec: columns('number') } };
