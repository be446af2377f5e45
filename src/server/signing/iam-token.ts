import * as v from 'valibot';
import { EndpointError } from '../errors.js';
import { exchange, retryAfterMs, type VendorReply } from '../http.js';
import { repeatTransient, withRetry } from '../retry.js';

/** Options of {@link iamToken}. */
export interface IamTokenOptions {
  /** As in `https://iam.cn-north-4.myhuaweicloud.com`; of the same region as the service. */
  readonly endpoint: string;
  readonly userName: string;
  readonly password: string;
  /** The account that the user belongs to. */
  readonly domainName: string;
  /** The project that the token is for; its name is the region's id as a rule. */
  readonly projectName: string;
  readonly fetch?: typeof globalThis.fetch;
  readonly now?: () => number;
}

const timeoutMs = 15_000;
/** Tokens live 24 h; one that is about to end could end on the way. */
const renewBeforeMs = 10 * 60_000;
const replySchema = v.object({ token: v.object({ expires_at: v.string() }) });

interface Token {
  readonly value: string;
  readonly expiresAt: number;
}

/**
 * User tokens of Huawei Cloud IAM ("Obtaining a User Token Through Password Authentication"), kept and renewed ten
 * minutes before they end. Many callers at once cause one request.
 *
 * The function it returns throws `EndpointError`: `vendor-credentials`, `vendor-unavailable`, `vendor-invalid-reply`.
 *
 * @example
 * huaweiVod({ projectId, region, credentials: { token: iamToken({ endpoint, userName, password, domainName, projectName }) } });
 */
export function iamToken(options: IamTokenOptions): () => Promise<string> {
  const { now = Date.now } = options;
  let current: Promise<Token> | undefined;
  let token: Token | undefined;

  async function renew(): Promise<Token> {
    try {
      return (token = await fetchToken(options));
    } finally {
      current = undefined;
    }
  }

  return async () => {
    if (token && token.expiresAt - now() > renewBeforeMs) return token.value;
    return (await (current ??= renew())).value;
  };
}

async function fetchToken({
  endpoint,
  userName,
  password,
  domainName,
  projectName,
  fetch = globalThis.fetch,
  now = Date.now,
}: IamTokenOptions): Promise<Token> {
  const user = { name: userName, password, domain: { name: domainName } };
  const body = {
    auth: {
      identity: { methods: ['password'], password: { user } },
      scope: { project: { name: projectName } },
    },
  };
  const request = {
    method: 'POST',
    url: new URL('/v3/auth/tokens', endpoint).href,
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  };
  // One caller going away must not take the token from the others, so this has a signal of its own.
  const { signal } = new AbortController();
  const attempt = async () =>
    readToken(await exchange(request, { fetch, signal, timeoutMs, what: 'obtain a user token' }), now());
  return withRetry(attempt, { signal, mayRepeat: repeatTransient });
}

function readToken({ status, headers, text }: VendorReply, nowMs: number): Token {
  if (status >= 500)
    throw new EndpointError('vendor-unavailable', { detail: `obtain a user token: HTTP ${status}` });
  if (status === 429) {
    const delayMs = retryAfterMs(headers, nowMs);
    throw new EndpointError('vendor-throttled', {
      detail: 'obtain a user token: HTTP 429',
      ...(delayMs !== undefined && { retryAfterMs: delayMs }),
    });
  }
  if (status !== 201)
    throw new EndpointError('vendor-credentials', { detail: `obtain a user token: HTTP ${status}` });
  const reply = v.safeParse(v.pipe(v.string(), v.parseJson(), replySchema), text);
  const value = headers.get('x-subject-token');
  const expiresAt = reply.success ? Date.parse(reply.output.token.expires_at) : NaN;
  if (!value || Number.isNaN(expiresAt))
    throw new EndpointError('vendor-invalid-reply', {
      detail: 'obtain a user token: no token or lifetime in the answer',
    });
  return { value, expiresAt };
}
