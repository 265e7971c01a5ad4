/** What a property does not ask of an operator, and why. */
export interface SharedExemption {
  readonly property: `G${number}`;
  /** Names of subjects. */
  readonly subjects: readonly string[];
  readonly reason: string;
}

/** All of them: every other property is asked of every other operator. */
export const sharedExemptions: readonly SharedExemption[] = [
  {
    property: 'G7',
    subjects: ['inWorker'],
    reason: 'what a worker is sent, and sends, is a structured clone',
  },
  {
    property: 'G12',
    subjects: [
      ...['dedupeWithin time', 'dedupeWithin count', 'slaTimeout', 'slaTimeout per key', 'shardBy'],
      ...['mergeShards in order of arrival', 'mergeShards in source order', 'eachMessage'],
      'inWorker',
    ],
    reason: 'it reads no numbers or times that could be others',
  },
];
