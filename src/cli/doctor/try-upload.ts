import { randomUUID } from 'node:crypto';
import * as v from 'valibot';
import {
  detailsResponseSchema,
  finishResponseSchema,
  listResponseSchema,
  problemSchema,
  signResponseSchema,
  startResponseSchema,
  type Problem,
  type SignedRequest,
  type UploadSession,
} from '../../protocol/index.js';
import { post, type EndpointUnderTest } from '../endpoint.js';
import type { Report } from '../report.js';
import { partsOf, sendPart, startItem, withoutBytes, type TestFile, type TestPart } from '../upload.js';
import { preflight, readability } from './cors.js';
import { clockRemedy, named, remedyOf, remedyOfVendorCode } from './words.js';

export interface UploadTrial {
  readonly endpoint: EndpointUnderTest;
  readonly provider: string;
  readonly file: TestFile;
  /** The subject of its checks: the provider, and how the file goes. */
  readonly of: string;
  /** Of the pages that upload. */
  readonly origins: readonly string[];
  /** The bucket is the host's own, so that its CORS rule can be changed. */
  readonly isOwnBucket: boolean | undefined;
  /** Whether to send a file that goes in one request: it may stay. Otherwise only its preflight is made. */
  readonly sendsWhole: boolean;
  readonly report: Report;
}

/** A step that went wrong has been reported; what needs it is not tried. */
class Stopped extends Error {}

const skewWarningMs = 60_000;
const skewFaultMs = 5 * 60_000;

/** Starts an upload, sends the last part as a browser would, and discards it again. */
export async function tryUpload(trial: UploadTrial): Promise<void> {
  try {
    const session = await start(trial);
    try {
      await send(trial, session);
    } finally {
      await discard(trial, session);
    }
  } catch (error) {
    if (!(error instanceof Stopped)) throw error;
  }
}

async function start(trial: UploadTrial): Promise<UploadSession> {
  const { provider, file, of, report } = trial;
  const body = { provider, uploads: [startItem(file, randomUUID())] };
  const result = await first(trial, 'start', { body, schema: startResponseSchema });
  if (result.outcome !== 'started') return stop(trial, 'start', result);
  report.ok(of, 'start', 'The endpoint starts an upload.');
  return result.session;
}

async function send(trial: UploadTrial, { ticket, transfer, signed }: UploadSession): Promise<void> {
  const { file, of, report } = trial;
  const last = partsOf(file, transfer).at(-1);
  if (!last) throw new Error('The test file has no part.');
  const request = signed?.find(({ partNumber }) => partNumber === last.partNumber);
  const { request: toSend, ticket: current } = request
    ? { request, ticket }
    : await sign(trial, ticket, last);
  await checkPreflights(trial, toSend);
  // Some services take a file that is there whole for good, and then nothing can be discarded.
  if (transfer.kind === 'single' && !trial.sendsWhole) return;
  await checkPut(trial, toSend, last);
  if (transfer.kind === 'multipart') {
    const body = { items: [{ ticket: current }] };
    const result = await first(trial, 'list', { body, schema: listResponseSchema });
    if (result.outcome === 'refused') return stop(trial, 'list', result);
    report.ok(
      of,
      'list',
      result.outcome === 'listed'
        ? 'The store lists the parts that it has.'
        : 'The store does not list parts; uploads resume by the record of the browser.',
    );
  }
  const body = { items: [{ ticket: current }] };
  const result = await first(trial, 'details', { body, schema: detailsResponseSchema });
  // Some services know a medium only when its upload has ended.
  if (result.outcome === 'refused' && result.problem.code !== 'media-not-found')
    return stop(trial, 'details', result);
  report.ok(of, 'details', 'The endpoint can ask for the state of an upload.');
}

async function sign(
  trial: UploadTrial,
  ticket: string,
  part: TestPart,
): Promise<{ request: SignedRequest; ticket: string }> {
  const body = { items: [{ ticket, parts: [withoutBytes(part)] }] };
  const result = await first(trial, 'sign', { body, schema: signResponseSchema });
  const request = result.outcome === 'signed' ? result.requests[0] : undefined;
  if (result.outcome !== 'signed' || !request) return stop(trial, 'sign', result);
  return { request, ticket: result.ticket ?? ticket };
}

async function checkPreflights(
  { of, origins, isOwnBucket, report }: UploadTrial,
  request: SignedRequest,
): Promise<void> {
  if (origins.length === 0)
    report.skip(of, 'cors', 'No origin was given: name that of your pages with `--origin`.');
  for (const origin of origins) {
    const trouble = await preflight(request, origin).catch(() => 'the store does not answer');
    if (trouble === undefined) {
      report.ok(of, 'cors', `The store lets pages of ${origin} send this request.`);
      continue;
    }
    const headers = Object.keys(request.headers).map((name) => name.toLowerCase());
    report.fault(
      of,
      'cors',
      `A browser refuses to send the upload of a page of ${origin}: ${trouble}.`,
      isOwnBucket === false
        ? 'Allow the origin in the console of the service (cross-origin or domain settings of the media storage).'
        : `Add a CORS rule to the bucket: AllowedOrigin ${origin}, AllowedMethod PUT, AllowedHeader ${headers.join(', ') || '*'}, ExposeHeader ETag.`,
    );
  }
}

async function checkPut(trial: UploadTrial, request: SignedRequest, { bytes }: TestPart): Promise<void> {
  const { of, report, origins, isOwnBucket } = trial;
  const [origin = 'https://vodrop.invalid'] = origins;
  let response: Response;
  try {
    response = await sendPart(request, bytes, origin);
  } catch {
    const at = URL.canParse(request.url) ? ` at ${new URL(request.url).origin}` : '';
    report.fault(
      of,
      'upload',
      `The store${at} does not answer.`,
      'Check that browsers can reach this address: DNS, firewall, and `endpoint` of the provider.',
    );
    throw new Stopped();
  }
  checkClock(trial, response.headers.get('date'));
  const text = await response.text();
  if (!response.ok) {
    const code = /<Code>([A-Za-z0-9.]+)<\/Code>/.exec(text)?.[1];
    report.fault(
      of,
      'upload',
      `The store refuses the signed request: ${response.status}${code ? ` ${code}` : ''}.`,
      remedyOfVendorCode(code) ?? 'Compare `region`, `endpoint` and the keys with the console of the cloud.',
    );
    throw new Stopped();
  }
  report.ok(of, 'upload', 'The store takes what the endpoint has signed.');
  if (origins.length === 0) return;
  const { canRead, hasETag } = readability(response, origin);
  if (!canRead) report.fault(of, 'cors', `The answer of the store lets no page of ${origin} read it.`);
  else if (hasETag) report.ok(of, 'etag', 'Pages can read the ETag and compare it with what they sent.');
  else if (isOwnBucket === false)
    report.ok(of, 'etag', 'Pages cannot read the ETag, as usual in the buckets of services.');
  else
    report.fault(
      of,
      'etag',
      'Pages cannot read the ETag: they cannot prove a part before the upload ends.',
      'Add `ExposeHeader ETag` to the CORS rule of the bucket.',
    );
}

/**
 * Of the machine that signs, against the store: here when the endpoint runs here, otherwise by the endpoint's own
 * date.
 */
function checkClock({ of, endpoint, report }: UploadTrial, storeDate: string | null): void {
  const storeMs = Date.parse(storeDate ?? '');
  const ownMs = endpoint.clock();
  if (Number.isNaN(storeMs) || ownMs === undefined)
    return report.skip(of, 'clock', 'The clocks cannot be compared: a date is missing.');
  const skewMs = Math.abs(storeMs - ownMs);
  const says = `The clock of the server is ${Math.ceil(skewMs / 1000)} seconds from that of the store.`;
  if (skewMs >= skewFaultMs) report.fault(of, 'clock', says, clockRemedy);
  else if (skewMs >= skewWarningMs) report.warn(of, 'clock', says, clockRemedy);
  else report.ok(of, 'clock', says);
}

async function discard(trial: UploadTrial, { ticket }: UploadSession): Promise<void> {
  const body = { items: [{ ticket, status: 'canceled' }] };
  const result = await first(trial, 'finish', { body, schema: finishResponseSchema });
  if (result.outcome === 'refused' && result.problem.code === 'media-state-conflict' && trial.sendsWhole)
    return trial.report.warn(
      trial.of,
      'discard',
      'The service keeps the test file, because it is there whole.',
      `Delete ${trial.file.name} in the console.`,
    );
  if (result.outcome !== 'discarded') return stop(trial, 'discard', result);
  trial.report.ok(trial.of, 'discard', 'The test upload is discarded again.');
}

interface OperationCall<T extends v.GenericSchema<unknown, { results: unknown[] }>> {
  readonly body: unknown;
  readonly schema: T;
}

/** The result of the one item of the call. */
async function first<T extends v.GenericSchema<unknown, { results: unknown[] }>>(
  trial: UploadTrial,
  operation: string,
  { body, schema }: OperationCall<T>,
): Promise<v.InferOutput<T>['results'][number]> {
  const { endpoint, of, report } = trial;
  const { status, json } = await post(endpoint, operation, body);
  const problem = v.safeParse(problemSchema, json);
  const check = operation === 'finish' ? 'discard' : operation;
  if (problem.success) return stop(trial, check, { outcome: 'refused', problem: problem.output });
  const parsed = v.safeParse(schema, json);
  const [result] = parsed.success ? parsed.output.results : [];
  if (result !== undefined) return result;
  report.fault(
    of,
    check,
    `The endpoint answers ${status} with something that is not of the protocol.`,
    'Check the address: it is the one that the widget gets as `endpoint`, without the operation.',
  );
  throw new Stopped();
}

function stop(
  { of, report }: UploadTrial,
  check: string,
  result: { readonly outcome: string; readonly problem?: Problem },
): never {
  const { problem } = result;
  report.fault(
    of,
    check,
    problem ? `Refused as ${named(problem)}.` : `The outcome is ${result.outcome}, which was not expected.`,
    problem && remedyOf(problem),
  );
  throw new Stopped();
}
