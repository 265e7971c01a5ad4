/** The same with other libraries, where it is a natural thing to write with them: `(messages, next)`. */
import { filter as mostFilter, newStream, tap as mostTap } from '@most/core';
import { Effect, Stream } from 'effect';
import { from as ixFrom } from 'ix/iterable';
import { filter as ixFilter, flatMap as ixFlatMap, tap as ixTap } from 'ix/iterable/operators';
import xstream from 'xstream';
import sequentially from 'xstream/extra/flattenSequentially.js';
import { gapWatch, isNew, mapOfEarly } from './stock.mjs';

// Modules of the old kind.
const { default: xs } = xstream;
const { default: flattenSequentially } = sequentially;

const mostFrom = (messages) =>
  newStream((sink) => {
    for (const message of messages) sink.event(0, message);
    sink.end(0);
    return { dispose() {} };
  });
const mostRun = (stream, next) => {
  stream.run({ event: (_, message) => next(message), end() {}, error() {} }, undefined);
};
const xsRun = (stream, next, complete) => {
  stream.addListener({ next, complete });
};
const effectRun = (stream, next) => {
  Effect.runSync(Stream.runForEach(stream, (message) => Effect.sync(() => next(message))));
};

/** Gaps told beside the stream. */
export const otherGaps = (onGap) => ({
  'other: @most/core': () => (messages, next) => {
    mostRun(mostTap(gapWatch(onGap), mostFrom(messages)), next);
  },
  'other: xstream': () => (messages, next) => {
    xsRun(xs.fromArray(messages).debug(gapWatch(onGap)), next);
  },
  'other: Effect': () => (messages, next) => {
    const watch = gapWatch(onGap);
    const pass = (message) => {
      watch(message);
      return message;
    };
    effectRun(Stream.map(Stream.fromIterable(messages), pass), next);
  },
  'other: IxJS': () => (messages, next) => {
    for (const message of ixFrom(messages).pipe(ixTap(gapWatch(onGap)))) next(message);
  },
});

/** Repeats filtered by the keys seen. */
export const otherDedupe = (count, keyOf) => ({
  'other: @most/core': () => (messages, next) => {
    mostRun(mostFilter(isNew(count, keyOf), mostFrom(messages)), next);
  },
  'other: xstream': () => (messages, next) => {
    xsRun(xs.fromArray(messages).filter(isNew(count, keyOf)), next);
  },
  'other: Effect': () => (messages, next) => {
    effectRun(Stream.filter(Stream.fromIterable(messages), isNew(count, keyOf)), next);
  },
  'other: IxJS': () => (messages, next) => {
    for (const message of ixFrom(messages).pipe(ixFilter(isNew(count, keyOf)))) next(message);
  },
});

/** Order restored by a list for each message. */
export const otherReorder = (cap) => ({
  'other: xstream': () => (messages, next) => {
    const { step, rest } = mapOfEarly(cap);
    const lists = xs.fromArray(messages).map((message) => xs.fromArray(step(message)));
    xsRun(lists.compose(flattenSequentially), next, () => rest().forEach(next));
  },
  'other: Effect': () => (messages, next) => {
    const { step, rest } = mapOfEarly(cap);
    const lists = Stream.map(Stream.fromIterable(messages), step);
    effectRun(Stream.flattenIterable(lists), next);
    rest().forEach(next);
  },
  'other: IxJS': () => (messages, next) => {
    const { step, rest } = mapOfEarly(cap);
    for (const message of ixFrom(messages).pipe(ixFlatMap(step))) next(message);
    rest().forEach(next);
  },
});
