import { arrivalsOf } from 'rxjs-reliable/testing';
import { withoutAmbient } from '../../src/testing/contract/Ambient.js';
import { expectSameLog } from '../support/describeLog.js';
import { playShared } from '../support/shared/playShared.js';
import { roomyOptions } from '../support/shared/roomyOptions.js';
import type { SharedProperty } from './SharedProperty.js';

/** Time comes from the scheduler it is given, or else from `asyncScheduler`, and chance from nowhere. */
export const isolation: SharedProperty = {
  id: 'G10',
  title: 'uses no clock, timer or chance but those of its scheduler',
  streams: 150,
  corners: (subject) => (subject.timers(roomyOptions) > 0 ? ['timer'] : []),
  holds(subject, [records, control, options], met) {
    const script = { arrivals: arrivalsOf(records), control };
    withoutAmbient(() => {
      const given = playShared(subject, options, script);
      if (given.run.clock.scheduled > 0) met('timer');
      const standard = playShared(subject, options, script, { isOnDefault: true });
      expectSameLog(standard.lines, given.lines);
    });
  },
};
