import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startSandbox, type RunningSandbox } from '../../start.js';
import { answersTo, scenarioNames } from '../../test-support/ceph-requests.js';

let sandbox: RunningSandbox;
beforeAll(async () => {
  sandbox = await startSandbox({ s3: { settings: { dialect: 'ceph' } } });
});
afterAll(() => sandbox.close());

/** Written by `VODROP_RECORD=1 npx vitest run src/sandbox/vendors/s3/ceph.live.test.ts` with the settings of a Ceph. */
const recorded = JSON.parse(readFileSync(new URL('./ceph.answers.json', import.meta.url), 'utf8')) as Record<
  string,
  string[]
>;

/** What the sandbox answers otherwise in this dialect too, and why. */
const differences: Record<string, string> = {
  'a complete request with prefixes':
    'Ceph knows no namespaces. The sandbox reads every spelling, whatever the dialect.',
  'a complete request with spaces around the values':
    'Ceph takes spaces for a part of the ETag. The sandbox reads every spelling, whatever the dialect.',
  'a complete request with a number with a plus': 'No client writes one.',
  'a complete request with a document type': 'The sandbox reads no document types, whatever they define.',
  'a canned ACL together with a grant': 'Grants are not emulated: 501, where Ceph says InvalidRequest.',
  'a PUT that copies, by a header that is not signed': 'Copies are not emulated: 501.',
};
const alike = scenarioNames.filter((name) => !(name in differences));

describe('the dialect of Ceph', () => {
  it.each(alike)('answers as Ceph 16.2.15 does to: %s', async (name) => {
    expect(await answersTo(name, sandbox.credentials.s3)).toEqual(recorded[name]);
  });

  it.each(Object.entries(differences))('answers otherwise than Ceph to %s: %s', async (name) => {
    expect(recorded[name]).toBeDefined();
    expect(await answersTo(name, sandbox.credentials.s3)).not.toEqual(recorded[name]);
  });
});
