import type { Reply, ReplyHeaders } from './reply.js';
import type { SandboxRequest } from './request.js';

/** The CORS rules of one emulated endpoint. */
export interface CorsRules {
  allowedOrigins: '*' | readonly string[];
  allowedMethods: readonly string[];
  exposeHeaders: readonly string[];
  /** Whether error answers carry CORS headers too. */
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
        'Access-Control-Allow-Headers': headers,
        'Access-Control-Max-Age': String(rules.maxAgeSeconds),
      },
    },
  };
}

/** CORS headers of an answer with this status; empty when the rules do not allow the origin. */
export function corsHeaders(
  request: SandboxRequest,
  rules: Pick<CorsRules, 'allowedOrigins' | 'exposeHeaders' | 'onErrors'>,
  status: number,
): ReplyHeaders {
  const origin = request.header('origin');
  if (origin === undefined || !originAllowed(rules, origin)) return {};
  if (status >= 400 && !rules.onErrors) return {};
  return accessHeaders(rules, origin);
}

function accessHeaders(rules: Pick<CorsRules, 'exposeHeaders'>, origin: string): ReplyHeaders {
  return {
    'Access-Control-Allow-Origin': origin,
    'Access-Control-Allow-Credentials': 'true',
    'Access-Control-Expose-Headers':
      rules.exposeHeaders.length > 0 ? rules.exposeHeaders.join(', ') : undefined,
    Vary: 'Origin',
  };
}

function originAllowed(rules: Pick<CorsRules, 'allowedOrigins'>, origin: string): boolean {
  return rules.allowedOrigins === '*' || rules.allowedOrigins.includes(origin);
}
