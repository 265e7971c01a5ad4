/** CSV or NDJSON: by the file's ending, or else by the first character that is no blank. */
export function detectFormat(file: string, beginning: string): 'csv' | 'ndjson' {
  if (/\.(?:csv|tsv|txt)$/i.test(file)) return 'csv';
  if (/\.(?:ndjson|jsonl|json)$/i.test(file)) return 'ndjson';
  return /^\s*[[{]/.test(beginning) ? 'ndjson' : 'csv';
}
