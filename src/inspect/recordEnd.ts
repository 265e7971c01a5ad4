/**
 * Where a CSV record that begins at `start` ends, its newline included: the first newline outside quotes, or, for
 * `isLast`, the last one; 0 if there is none.
 */
export function recordEnd(text: string, start: number, isLast: boolean): number {
  let end = 0;
  let from = start;
  for (;;) {
    let quote = text.indexOf('"', from);
    if (quote < 0) quote = text.length;
    const newline = isLast ? text.lastIndexOf('\n', quote - 1) : text.indexOf('\n', from);
    if (newline >= from && newline < quote) {
      end = newline + 1;
      if (!isLast) return end;
    }
    const closing = quote < text.length ? text.indexOf('"', quote + 1) : -1;
    if (closing < 0) return end;
    from = closing + 1;
  }
}
