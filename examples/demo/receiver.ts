/** The receiver: a feed that loses, delays, reorders and repeats goes in; every message, once and in order, comes out. */
import { filter, interval, merge, switchMap, takeUntil, tap, timer } from 'rxjs';
import {
  dedupeWithin,
  type RecoverOptions,
  reorderBy,
  sequenceGaps,
  slaTimeout,
} from 'rxjs-reliable';
import { connectBackChannel } from './backChannel.js';
import { childArguments, connectToParent } from './childProcess.js';
import { openFeed } from './feed.js';
import { guarantees, objective } from './guarantees.js';
import { Ledger } from './ledger.js';
import { Losses } from './losses.js';
import type { Message } from './message.js';
import type { ReceiverReport, ReceiverStatus } from './processes.js';
import { type Books, held, receiverReport, receiverStatus } from './receiverReport.js';
import type { Settings } from './settings.js';
import { shardedStage } from './shardedStage.js';
import { shardPipeline } from './shardPipeline.js';
import { ShardTally } from './shardTally.js';
import { SlaTally } from './slaTally.js';
import { orderFor, spoil } from './spoil.js';
import { Tally } from './tally.js';

const settings = childArguments() as Settings & { readonly senderPort: number };
const parent = connectToParent<ReceiverStatus, ReceiverReport>();
const feed = await openFeed();
const sender = await connectBackChannel(settings.senderPort);
const losses = new Losses();
const tally = new Tally(losses);
const sla = new SlaTally();
const stage = new ShardTally(losses);
const ledger = new Ledger();
const books: Books = { tally, sla, stage, losses, ledger };

const { jitterMs, roundTripMs, shards, sabotage } = settings;
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
    // After as long as the network takes, nothing comes but what was asked for.
    const allDone$ = timer(jitterMs + 100, 20).pipe(
      filter(() => held(books) === 0 && (tally.missing === 0 || !settings.recover)),
    );
    return merge(allHere$, allDone$, timer(maxWaitMs + 500));
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
    // What is late all the same is told, …
    slaTimeout(guarantees(settings), { softMs: 0.8, objective, onEvent: sla.onEvent }),
    tap(sla.countMessage),
    // … and shards share the work, which does not change the order.
    shardedStage({ shards, order: orderFor(sabotage) }, shardPipeline(settings, stage), stage),
    spoil(sabotage),
    tap(losses.revoke),
  )
  .subscribe({
    next: ledger.deliver,
    complete: () => parent.report(receiverReport(books, sender)),
  });

parent.watch(() => receiverStatus(books, sender));
parent.ready(feed.port);
