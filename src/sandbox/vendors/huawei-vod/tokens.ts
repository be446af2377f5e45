import { randomBytes } from 'node:crypto';
import type { Clock } from '../../clock.js';
import { json, type Reply } from '../../http/reply.js';
import type { HuaweiAccount } from '../../options.js';

const lifetimeMs = 24 * 3600_000;

export type TokenOutcome =
  { ok: true } | { ok: false; reason: 'unknown' } | { ok: false; reason: 'expired'; expiresAt: string };

/** IAM API reference, "Obtaining a User Token Through Password Authentication", project-scoped. */
export class TokenDesk {
  readonly #account: HuaweiAccount;
  readonly #now: Clock;
  readonly #expiry = new Map<string, number>();

  constructor(account: HuaweiAccount, now: Clock) {
    this.#account = account;
    this.#now = now;
  }

  issue(body: unknown): Reply {
    const request = readTokenRequest(body);
    if (!request) return refusal(400, 'Bad Request', 'The request body is invalid.');
    const { name, password, domain, project } = request;
    const { userName, domainName, projectId, projectName } = this.#account;
    const isKnown = name === userName && password === this.#account.password && domain === domainName;
    if (!isKnown) return refusal(401, 'Unauthorized', 'The username or password is wrong.');
    if (project !== projectName && project !== projectId)
      return refusal(401, 'Unauthorized', 'The project of the scope does not exist.');
    const token = randomBytes(48).toString('base64url');
    const now = this.#now();
    this.#expiry.set(token, now + lifetimeMs);
    const times = { expires_at: iamDate(now + lifetimeMs), issued_at: iamDate(now) };
    const scope = {
      project: { id: projectId, name: projectName, domain: { name: domainName } },
      user: { name: userName, domain: { name: domainName } },
    };
    return json(201, { token: { methods: ['password'], ...times, ...scope } }, { 'X-Subject-Token': token });
  }

  check(token: string): TokenOutcome {
    const expiresAt = this.#expiry.get(token);
    if (expiresAt === undefined) return { ok: false, reason: 'unknown' };
    return this.#now() < expiresAt
      ? { ok: true }
      : { ok: false, reason: 'expired', expiresAt: iamDate(expiresAt) };
  }
}

interface TokenRequest {
  name: string;
  password: string;
  domain: string;
  project: string;
}

function readTokenRequest(body: unknown): TokenRequest | undefined {
  const methods = at(body, 'auth', 'identity', 'methods');
  const user = at(body, 'auth', 'identity', 'password', 'user');
  const scope = at(body, 'auth', 'scope', 'project');
  const values = [
    at(user, 'name'),
    at(user, 'password'),
    at(user, 'domain', 'name'),
    at(scope, 'name') ?? at(scope, 'id'),
  ];
  if (
    !Array.isArray(methods) ||
    !methods.includes('password') ||
    !values.every((value) => typeof value === 'string')
  )
    return undefined;
  const [name = '', password = '', domain = '', project = ''] = values;
  return { name, password, domain, project };
}

function at(value: unknown, ...path: string[]): unknown {
  return path.reduce<unknown>(
    (inner, name) =>
      typeof inner === 'object' && inner !== null ? (inner as Record<string, unknown>)[name] : undefined,
    value,
  );
}

function refusal(code: number, title: string, message: string): Reply {
  return json(code, { error: { code, message, title } });
}

/** `2026-01-15T08:30:00.000000Z`. */
function iamDate(timeMs: number): string {
  return new Date(timeMs).toISOString().replace('Z', '000Z');
}
