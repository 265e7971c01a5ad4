import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { arrivalsOf, type ScriptMessage } from 'rxjs-reliable/testing';
import { checkerOf } from './support/check.js';
import { Corners } from './support/corners.js';
import { expectSequencesApart, expectSortsApart } from './support/expectKeysApart.js';
import * as any from './support/reorderArbitraries.js';
import {
  endingOnDeadline,
  reorderOperator,
  epochCase,
  sequenceCase,
  sequenceOperator,
  sequenceSettings,
  sortingCase,
  sortingOperator,
  sortingSettings,
  wrappingCase,
} from './support/reorderCases.js';
import { expectClean, expectOracle, expectThat, valuesOf } from './support/reorderChecks.js';
import { ReorderInvariants } from './support/reorderInvariants.js';
import { ReorderOracle } from './support/reorderOracle.js';
import * as timing from './support/reorderTiming.js';
import * as transforms from './support/reorderTransforms.js';
import { runTimed } from './support/runTimed.js';
import { SortingOracle } from './support/sortingOracle.js';

const { check, names, stored } = checkerOf('reorderBy');

describe('reorderBy and its oracle', () => {
  it('agree on sequence numbers', () => {
    const corners = new Corners();
    check(
      'sequence oracle',
      10_000,
      [any.longFeed, sequenceCase, any.ending, fc.boolean()],
      (records, drawn, ending, isMessageFirst) => {
        const arrivals = arrivalsOf(records, drawn.start);
        const control = isMessageFirst
          ? endingOnDeadline(ending, arrivals, drawn.maxWaitMs)
          : ending;
        const script = { arrivals, control, isMessageFirst };
        const run = expectOracle(
          sequenceOperator(drawn),
          () => new ReorderOracle(sequenceSettings(drawn)),
          script,
        );
        corners.add(script, run);
      },
    );
    corners.expectAll();
  });

  it('agree on restarts at the wrap', () => {
    check(
      'wrapping oracle',
      10_000,
      [any.shortFeed, wrappingCase, any.sourceEnding],
      (records, drawn, control) => {
        expectOracle(sequenceOperator(drawn), () => new ReorderOracle(sequenceSettings(drawn)), {
          arrivals: arrivalsOf(records, drawn.start),
          control,
        });
      },
    );
  });

  it('agree on event times and sparse numbers', () => {
    check(
      'sorting oracle',
      10_000,
      [any.longFeed, sortingCase, any.ending, fc.boolean()],
      (records, drawn, ending, isMessageFirst) => {
        const arrivals = arrivalsOf(records);
        const control = isMessageFirst
          ? endingOnDeadline(ending, arrivals, drawn.maxWaitMs)
          : ending;
        expectOracle(
          sortingOperator(drawn),
          (beganMs) => new SortingOracle(sortingSettings(drawn, beganMs)),
          { arrivals, control, isMessageFirst, startMs: drawn.startMs },
        );
      },
    );
  });

  const feeds = fc.array(any.fewMessages, { minLength: 1, maxLength: 4, size: 'max' });
  const maxKeys = fc.constantFrom(10_000, 1, 2, 3);

  it('agree on each of several keys, also those evicted', () => {
    check('keys', 10_000, [feeds, sequenceCase, any.sourceEnding, maxKeys], expectSequencesApart);
  });

  it('agree on each of several keys that are sorted', () => {
    check('sorted keys', 10_000, [feeds, sortingCase, any.sourceEnding, maxKeys], expectSortsApart);
  });
});

describe('reorderBy', () => {
  it('keeps its word, whatever the model', () => {
    check(
      'invariants',
      2_000,
      [any.feed, sequenceCase, any.sourceEnding],
      (records, drawn, control) => {
        const plain = { modulus: null, numbers: 'number', hasEpochs: false } as const;
        const settings = sequenceSettings({ ...drawn, ...plain, latePolicy: 'drop' });
        const run = runTimed<ScriptMessage>(
          (scheduler, report) =>
            reorderOperator<ScriptMessage>((message) => {
              report({ kind: 'arrived', message });
              return settings.numberOf(message);
            }, settings)(scheduler, report),
          { arrivals: arrivalsOf(records, drawn.start), control },
        );
        new ReorderInvariants(settings).check(run.log);
      },
    );
  });

  it('restores the order where nothing is lost and the bounds suffice', () => {
    check('sorts', 2_000, [any.completeFeed, any.trustingCase], (records, drawn) => {
      const ample = { ...drawn, firstOff: 0, maxBuffer: 60, maxWaitMs: 200 };
      const run = runTimed(sequenceOperator(ample), { arrivals: arrivalsOf(records, drawn.start) });
      expectClean(run, 0);
      const order = valuesOf(run.log).map((value) => (value as ScriptMessage).index);
      expectThat(
        order.every((index, place) => index === place),
        order.join(' '),
      );
      expectThat(run.log.length === records.length, 'there were events');
    });
  });

  it('leaves what is in order alone, and needs no clock for it', () => {
    const modulus = fc.constantFrom(null, 3, 16, 2 ** 32, 2 ** 53 - 1);
    check(
      'identity',
      2_000,
      [any.orderlyFeed, any.trustingCase, any.sourceEnding, modulus],
      (records, drawn, control, modulus) => {
        timing.expectIdentity(records, { ...drawn, startWaitMs: 0, modulus }, control);
      },
    );
  });

  it('ends with the value at which the consumer leaves', () => {
    const after = fc.integer({ min: 1, max: 40 });
    check('leaving', 2_000, [any.feed, sequenceCase, after], timing.expectLeaving);
  });
});

describe('the outcome of reorderBy', () => {
  it('moves with the time', () => {
    const shiftMs = fc.constantFrom(1, 7, 1_000, 86_400_000);
    const startMs = fc.constantFrom(0, 1, -5, 1_700_000_000_000);
    check('time shift', 2_000, [any.feed, sequenceCase, shiftMs, startMs], timing.expectTimeShift);
  });

  it('depends on nothing that comes later', () => {
    check('causality', 2_000, [any.feed, sequenceCase, any.instant], timing.expectCausality);
  });

  it('is the same if messages are sent from within next', () => {
    const args = [any.feed, sequenceCase, any.sourceEnding] as const;
    check('re-entrancy', 2_000, [...args], timing.expectReentrancy);
  });

  it('is the same whether timer or message comes first', () => {
    check('ties', 2_000, [any.feed, sequenceCase], timing.expectTies);
  });

  it('is the same, only later, if timers are late', () => {
    const lateMs = fc.integer({ min: 1, max: 500 });
    check(
      'late timers',
      2_000,
      [any.feed, sequenceCase, any.sourceEnding, lateMs],
      timing.expectLateTimers,
    );
  });

  it('is whole if the clock is set back', () => {
    check('steps back', 2_000, [any.feed, sequenceCase, any.stepsBack], timing.expectStepsBack);
  });
});

describe('what reorderBy does', () => {
  it('does not have to be done twice', () => {
    check(
      'idempotence',
      2_000,
      [any.tameFeed, any.lenientCase, any.ending],
      transforms.expectIdempotence,
    );
  });

  it('delivers no less with more time and room', () => {
    const more = fc.noBias(fc.nat(200));
    check(
      'patience',
      2_000,
      [any.tameFeed, any.lenientCase, any.ending, more, more],
      transforms.expectPatience,
    );
  });

  it('does not change if every message comes twice', () => {
    check(
      'duplication',
      2_000,
      [any.tameFeed, any.trustingCase, any.sourceEnding],
      transforms.expectDuplication,
    );
  });

  it('begins anew with every epoch', () => {
    const feeds = fc.tuple(any.tameFeed, any.completeFeed);
    const stride = fc.constantFrom(1, 2);
    const args = [feeds, epochCase, any.sourceEnding, stride] as const;
    check('epochs', 1_500, [...args], transforms.expectNewEpoch);
  });

  it('is the same for bigints up to 2^80', () => {
    check(
      'label shift',
      2_000,
      [any.numberedFeed, sequenceCase, any.sourceEnding],
      transforms.expectLabelShift,
    );
  });

  it('is the same for ranges', () => {
    const width = fc.integer({ min: 1, max: 5 });
    check(
      'ranges',
      2_000,
      [any.tameFeed, any.trustingCase, any.sourceEnding, width],
      transforms.expectRanges,
    );
  });

  it('is the same for messages that name their predecessor', () => {
    check(
      'pointers',
      2_000,
      [any.tameFeed, any.trustingCase, any.sourceEnding],
      transforms.expectPointers,
    );
  });
});

describe('the cases that failed once', () => {
  it('are of properties that are still checked', () => {
    expect(stored.filter((property) => !names.has(property))).toEqual([]);
  });
});
