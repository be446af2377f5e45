import * as v from 'valibot';
import type { ProblemCode } from '../../protocol/index.js';
import { EndpointError } from '../errors.js';
import { exchange, type VendorReply } from '../http.js';
import { refusalOf } from '../kit/refusal.js';
import { repeatTransient, withRetry } from '../retry.js';
import { parseXml } from '../xml.js';
import { canonicalQuery, signSigV4, type SigV4Keys } from './sigv4.js';

/** Options of {@link assumeRole}. */
export interface AssumeRoleOptions {
  /** Where STS answers. Default Amazon's of the region; a Ceph gateway answers itself. */
  readonly endpoint?: string;
  readonly region: string;
  readonly roleArn: string;
  /** What the store's log calls the caller: 2 to 64 characters. Default `vodrop`. */
  readonly sessionName?: string;
  /** 900 to 43,200. Default 3,600. */
  readonly durationSeconds?: number;
  /** A policy, in JSON, that narrows the role's own: to one prefix of the bucket, say. */
  readonly policy?: string;
  /** Keys that may assume the role. */
  readonly credentials: SigV4Keys;
  readonly fetch?: typeof globalThis.fetch;
  readonly now?: () => number;
}

/** Temporary keys, as `s3` takes them. */
export interface AssumedKeys extends Required<SigV4Keys> {
  readonly expiresAt: number;
}

const timeoutMs = 15_000;
const what = 'assume the role';
const credentialsSchema = v.object({
  AccessKeyId: v.string(),
  SecretAccessKey: v.string(),
  SessionToken: v.string(),
  Expiration: v.string(),
});
const replySchema = v.object({
  AssumeRoleResponse: v.object({ AssumeRoleResult: v.object({ Credentials: credentialsSchema }) }),
});
const error = v.object({ Error: v.object({ Code: v.string() }) });
/** Ceph leaves out the outer element. */
const errorSchema = v.union([
  error,
  v.pipe(
    v.object({ ErrorResponse: error }),
    v.transform(({ ErrorResponse }) => ErrorResponse),
  ),
]);

/**
 * Temporary keys by "AssumeRole" (STS API reference), for the `credentials` of `s3`, which keeps and renews them.
 *
 * The function it returns throws `EndpointError`: `vendor-credentials`, `vendor-unavailable`, `vendor-throttled`,
 * `vendor-invalid-reply`.
 *
 * @example
 * s3({ bucket, region, credentials: assumeRole({ region, roleArn, credentials: { accessKeyId, secretAccessKey } }) });
 */
export function assumeRole(options: AssumeRoleOptions): () => Promise<AssumedKeys> {
  const { region, credentials, fetch = globalThis.fetch, now = Date.now } = options;
  const url = new URL(options.endpoint ?? `https://sts.${region}.amazonaws.com`);
  const body = canonicalQuery([
    ['Action', 'AssumeRole'],
    ['Version', '2011-06-15'],
    ['RoleArn', options.roleArn],
    ['RoleSessionName', options.sessionName ?? 'vodrop'],
    ['DurationSeconds', String(options.durationSeconds ?? 3600)],
    ...(options.policy === undefined ? [] : [['Policy', options.policy] as const]),
  ]);
  const attempt = async (signal: AbortSignal) => {
    const request = {
      method: 'POST',
      host: url.host,
      path: '/',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body,
    };
    const headers = signSigV4(request, credentials, { region, service: 'sts', date: new Date(now()) });
    return readKeys(
      await exchange(
        { method: 'POST', url: `${url.origin}/`, headers, body },
        { fetch, signal, timeoutMs, what },
      ),
      now(),
    );
  };
  return () => {
    // One caller going away must not take the keys from the others, so this has a signal of its own.
    const { signal } = new AbortController();
    return withRetry(() => attempt(signal), { signal, mayRepeat: repeatTransient });
  };
}

function readKeys(reply: VendorReply, nowMs: number): AssumedKeys {
  const { status, text } = reply;
  const code = parseXml(errorSchema, text)?.Error.Code;
  if (status !== 200) throw refusalOf(reply, { what, nowMs, code, problem: problemOf(status, code) });
  const keys = parseXml(replySchema, text)?.AssumeRoleResponse.AssumeRoleResult.Credentials;
  const expiresAt = Date.parse(keys?.Expiration ?? '');
  if (!keys || Number.isNaN(expiresAt))
    throw new EndpointError('vendor-invalid-reply', { detail: `${what}: no keys or lifetime in the answer` });
  return {
    accessKeyId: keys.AccessKeyId,
    secretAccessKey: keys.SecretAccessKey,
    sessionToken: keys.SessionToken,
    expiresAt,
  };
}

function problemOf(status: number, code: string | undefined): ProblemCode {
  if (status === 429 || code === 'Throttling') return 'vendor-throttled';
  return status >= 500 ? 'vendor-unavailable' : 'vendor-credentials';
}
