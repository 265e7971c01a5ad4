import { arrivalsOf } from 'rxjs-reliable/testing';
import { expectSameLog } from '../support/describeLog.js';
import { playShared } from '../support/shared/playShared.js';
import type { SharedProperty } from './SharedProperty.js';

/** The log follows from the script and the options. */
export const determinism: SharedProperty = {
  id: 'G9',
  title: 'does the same again',
  streams: 150,
  holds(subject, [records, control, options, { flag }]) {
    const script = { arrivals: arrivalsOf(records), control, isMessageFirst: flag };
    const { lines } = playShared(subject, options, script);
    expectSameLog(playShared(subject, options, script).lines, lines);
  },
};
