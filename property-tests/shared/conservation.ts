import { arrivalsOf } from 'rxjs-reliable/testing';
import { eachRun } from '../support/shared/eachRun.js';
import { expectAccounted } from '../support/shared/expectAccounted.js';
import { playShared } from '../support/shared/playShared.js';
import type { SharedProperty } from './SharedProperty.js';

/** Every message that came in is out, in an event that says it was dropped, or held where the consumer has left. */
export const conservation: SharedProperty = {
  id: 'G8',
  title: 'accounts for every message',
  streams: 250,
  corners: (subject) => [
    ...['completed', 'failed', 'unsubscribed'],
    ...(subject.drops === false ? [] : ['dropped']),
  ],
  holds(subject, [records, control, options], met) {
    const arrivals = arrivalsOf(records);
    const { run } = playShared(subject, options, { arrivals, control });
    for (const one of eachRun(run)) {
      met({ complete: 'completed', error: 'failed', unsubscribe: 'unsubscribed' }[one.ending]);
      if (expectAccounted(subject, options, one) > 0) met('dropped');
    }
  },
};
