/** The receiver: a feed that loses, delays, reorders and repeats goes in; every message, once and in order, comes out. */
import { filter, interval, merge, switchMap, takeUntil, tap, timer } from 'rxjs';
import { dedupeWithin, type RecoverOptions, reorderBy, sequenceGaps } from 'rxjs-reliable';
import { connectBackChannel } from './backChannel.js';
import { childArguments, connectToParent } from './childProcess.js';
import { openFeed } from './feed.js';
import { Ledger } from './ledger.js';
import type { Message } from './message.js';
import type { ReceiverReport, ReceiverStatus } from './processes.js';
import { receiverReport, receiverStatus } from './receiverReport.js';
import type { Settings } from './settings.js';
import { spoil } from './spoil.js';
import { Tally } from './tally.js';

const settings = childArguments() as Settings & { readonly senderPort: number };
const parent = connectToParent<ReceiverStatus, ReceiverReport>();
const feed = await openFeed();
const sender = await connectBackChannel(settings.senderPort);
const tally = new Tally();
const ledger = new Ledger(settings.breachMs);

const { jitterMs, roundTripMs } = settings;
const timeoutMs = 250 + 2 * roundTripMs;
const recover: RecoverOptions<Message, undefined> = {
  request: (gap) => sender.replay(Number(gap.first), Number(gap.last)).pipe(tap(tally.countAnswer)),
  delayMs: jitterMs / 2 + 20, // what is merely late comes by itself
  timeoutMs, // then twice, then four times as long
  maxInFlight: 64,
};
// Longer than three attempts take; with nothing to wait for, longer than the disorder.
const maxWaitMs = settings.recover ? jitterMs + 8 * timeoutMs : jitterMs + 100;

const numbering = { first: 1, epochOf: (message: Message) => message.run };

/** The sender is done, and all it sent is here, or will not come any more. */
const finished$ = sender.end$.pipe(
  switchMap((last) => {
    const allHere$ = interval(20).pipe(filter(() => ledger.delivered >= last));
    return merge(allHere$, timer(maxWaitMs + 500));
  }),
);

const messages$ = feed.messages$.pipe(tap(tally.countMessage), takeUntil(finished$));

messages$
  .pipe(
    // Repeats go, …
    dedupeWithin(60_000, { keyBy: (message) => message.id, onEvent: tally.onRepeat }),
    // … what is missing is noticed and asked for, …
    sequenceGaps((message) => message.seq, {
      ...numbering,
      toleranceMs: jitterMs / 2 + 5, // shorter disorder is not worth a word
      maxGaps: 16_384,
      announced: merge(feed.heartbeats$, sender.end$),
      recover: settings.recover ? recover : undefined,
      onEvent: tally.onGap,
    }),
    // … and all of it is put in order.
    reorderBy((message) => message.seq, {
      ...numbering,
      maxWaitMs,
      maxBuffer: 65_536,
      onEvent: tally.onDisorder,
    }),
    spoil(settings.sabotage),
  )
  .subscribe({
    next: ledger.deliver,
    complete: () => parent.report(receiverReport(tally, ledger, sender)),
  });

parent.watch(() => receiverStatus(tally, ledger, sender));
parent.ready(feed.port);
