import { createHash, createHmac } from 'node:crypto';
import { encodeStrict, type QueryPair } from '../http/encoding.js';
import { checkRpcTime, isEqualText, type RpcOutcome } from './rpc-v1.js';

export interface Acs3Request {
  method: string;
  query: readonly QueryPair[];
  header: (name: string) => string | undefined;
  body: Buffer;
}

/** Headers that must be signed. */
const mandatory = [
  'x-acs-action',
  'x-acs-version',
  'x-acs-date',
  'x-acs-signature-nonce',
  'x-acs-content-sha256',
];

/** "V3 request body & signature mechanism". Verified with the request's list of signed headers: clients sign more than required. */
export function verifyAcs3(
  request: Acs3Request,
  findSecret: (accessKeyId: string) => string | undefined,
  nowMs: number,
): RpcOutcome {
  const value = (name: string): string => request.header(name) ?? '';
  const claim = /^ACS3-HMAC-SHA256 Credential=([^,]+), ?SignedHeaders=([^,]+), ?Signature=([0-9a-f]+)$/.exec(
    value('authorization'),
  );
  if (!claim) return { ok: false, code: 'InvalidParameter', detail: 'Authorization' };
  const [accessKeyId = '', names = '', signature = ''] = claim.slice(1);
  const missing = mandatory.find((name) => value(name) === '');
  if (missing !== undefined) return { ok: false, code: 'MissingParameter', detail: missing };
  const late = checkRpcTime(value('x-acs-date'), nowMs);
  if (late) return late;
  const secret = findSecret(accessKeyId);
  if (secret === undefined) return { ok: false, code: 'InvalidAccessKeyId.NotFound' };
  const signedNames = names.split(';');
  const unsigned = ['host', ...mandatory].some((name) => !signedNames.includes(name));
  const canonical = canonicalRequest(request, signedNames);
  const stringToSign = `ACS3-HMAC-SHA256\n${sha256(canonical)}`;
  const expected = createHmac('sha256', secret).update(stringToSign).digest('hex');
  const isRight =
    !unsigned && value('x-acs-content-sha256') === sha256(request.body) && isEqualText(expected, signature);
  if (!isRight) return { ok: false, code: 'SignatureDoesNotMatch', detail: stringToSign };
  const securityToken = request.header('x-acs-security-token');
  return {
    ok: true,
    accessKeyId,
    nonce: value('x-acs-signature-nonce'),
    securityToken,
  };
}

function canonicalRequest({ method, query, header }: Acs3Request, signedNames: readonly string[]): string {
  const pairs = query
    .map(([name, value]) => [encodeStrict(name), encodeStrict(value)] as const)
    .sort(([a], [b]) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
    .map((pair) => pair.join('='));
  const lines = signedNames.map((name) => `${name}:${(header(name) ?? '').trim()}\n`);
  return [
    method,
    '/',
    pairs.join('&'),
    lines.join(''),
    signedNames.join(';'),
    header('x-acs-content-sha256') ?? '',
  ].join('\n');
}

function sha256(data: string | Buffer): string {
  return createHash('sha256').update(data).digest('hex');
}
