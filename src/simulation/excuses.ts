/**
 * Consequences that no page and no endpoint can prevent, each with its reason. They are met by faults that are worth
 * having all the same, so the consequence is excused instead.
 */
const excuses = {
  'unheard-starts':
    'a start whose cloud does not answer, of which a proxy delivers a second copy after the upload was discarded, or whose page ends before the answer in a browser that has kept nothing of it, leaves media and an open multipart upload that no page knows of: the lifecycle rule of the bucket, or a sweep of the endpoint, clears them',
  'finished-unseen':
    'a page that dies while the cloud completes its upload, and of which the browser has kept nothing, leaves an object that no page knows of: a person who adds the file again stores it again',
} as const;

export type Excuse = keyof typeof excuses;

export function isExcused(name: Excuse, gapsOn: ReadonlySet<string>): boolean {
  return name in excuses && !gapsOn.has(name) && !gapsOn.has('all');
}
