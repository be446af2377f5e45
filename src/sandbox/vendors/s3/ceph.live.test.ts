import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { answersTo, scenarioNames } from '../../test-support/ceph-requests.js';

const {
  S3_ENDPOINT: endpoint = '',
  S3_REGION: region = '',
  S3_BUCKET: bucket = '',
  S3_ACCESS_KEY_ID: accessKeyId = '',
  S3_SECRET_ACCESS_KEY: secretAccessKey = '',
  VODROP_RECORD: isRecording,
} = process.env;
const target = { endpoint, region, bucket, accessKeyId, secretAccessKey };
const file = new URL('./ceph.answers.json', import.meta.url);

/** RADOS Gateway numbers its requests in this form. */
const isCeph =
  endpoint !== '' && /^tx[0-9a-f]{21}-/.test((await fetch(endpoint)).headers.get('x-amz-request-id') ?? '');

describe.skipIf(!isCeph)('the recorded answers of Ceph', () => {
  it.skipIf(!isRecording)('are recorded', async () => {
    const answers: Record<string, string[]> = {};
    for (const name of scenarioNames) answers[name] = await answersTo(name, target);
    writeFileSync(file, `${JSON.stringify(answers, null, 2)}\n`);
  });

  const recorded = JSON.parse(readFileSync(file, 'utf8')) as Record<string, string[]>;
  it.each(scenarioNames)('are what this Ceph answers to: %s', async (name) => {
    expect(await answersTo(name, target)).toEqual(recorded[name]);
  });
});
