import type { Reply } from './reply.js';
import type { SandboxRequest } from './request.js';

/** The CORS rules of one emulated endpoint, as its owner would have configured them. */
export interface CorsRules {
  allowedOrigins: '*' | readonly string[];
  allowedMethods: readonly string[];
  exposeHeaders: readonly string[];
  /** Whether refusals carry the headers too. */
  onErrors: boolean;
  maxAgeSeconds: number;
}

export type PreflightOutcome =
  { ok: true; reply: Reply } | { ok: false; reason: 'bad-request' | 'forbidden' };

export function answerPreflight(request: SandboxRequest, rules: CorsRules): PreflightOutcome {
  const origin = request.header('origin');
  const method = request.header('access-control-request-method');
  if (origin === undefined || method === undefined) return { ok: false, reason: 'bad-request' };
  if (!originAllowed(rules, origin) || !rules.allowedMethods.includes(method))
    return { ok: false, reason: 'forbidden' };
  const headers = request.header('access-control-request-headers');
  return {
    ok: true,
    reply: {
      status: 200,
      headers: {
        ...accessHeaders(rules, origin),
        'Access-Control-Allow-Methods': rules.allowedMethods.join(', '),
        ...(headers === undefined ? {} : { 'Access-Control-Allow-Headers': headers }),
        'Access-Control-Max-Age': String(rules.maxAgeSeconds),
      },
    },
  };
}

/** Headers that let the page of `origin` read an answer of this status; none when the rules do not say so. */
export function corsHeaders(
  request: SandboxRequest,
  rules: CorsRules,
  status: number,
): Record<string, string> {
  const origin = request.header('origin');
  if (origin === undefined || !originAllowed(rules, origin)) return {};
  if (status >= 400 && !rules.onErrors) return {};
  return accessHeaders(rules, origin);
}

function accessHeaders(rules: CorsRules, origin: string): Record<string, string> {
  return {
    'Access-Control-Allow-Origin': origin,
    'Access-Control-Allow-Credentials': 'true',
    ...(rules.exposeHeaders.length > 0
      ? { 'Access-Control-Expose-Headers': rules.exposeHeaders.join(', ') }
      : {}),
    Vary: 'Origin',
  };
}

function originAllowed(rules: CorsRules, origin: string): boolean {
  return rules.allowedOrigins === '*' || rules.allowedOrigins.includes(origin);
}
