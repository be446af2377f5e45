/**
 * Consequences that are known and not yet mended, each with the law or fault it belongs to. They are met by faults that
 * are worth having all the same, so the consequence is excused instead. What is mended loses its line here.
 */
const excuses = {
  'unheard-starts':
    'law 3 and the endpoint: a start whose page ends before the answer, or whose cloud does not answer, leaves media and an open multipart upload that no page knows of',
  'discarded-though-stored':
    'law 3, F1 and H4: who cancels or gives up while the completion goes through is told that nothing is kept',
  'cleanup-given-up':
    'law 5, B4: a cancel is given up after some seconds without the endpoint, and a retry then forgets what it left',
  'finished-unseen':
    'law 3: who goes on with an upload whose completion is still under way for a tab that is gone begins it anew',
  'unproven-parts': 'law 3, A8: verified is said where neither ETag nor list nor digest has shown it',
} as const;

export type Excuse = keyof typeof excuses;

export function isExcused(name: Excuse, gapsOn: ReadonlySet<string>): boolean {
  return name in excuses && !gapsOn.has(name) && !gapsOn.has('all');
}
