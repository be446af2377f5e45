import type { Problem } from '../../protocol/index.js';

const keys =
  'Compare the access key and the secret key with those in the console of the cloud; a space or a line break at the end counts.';
const permission =
  'Give the user or role of these keys the right to do this; the providers guide lists the rights that uploads need.';
const clock =
  'Set the clock of the server by NTP (`timedatectl set-ntp true`): signatures are valid for minutes around their second.';
const region = 'Compare `region` and `endpoint` with those of the bucket or the service in the console.';

/** Codes of the clouds, as patterns: each names the same few causes in its own words. */
const byVendorCode: readonly (readonly [RegExp, string])[] = [
  [
    /TimeTooSkewed|SignatureExpire|InvalidTimeStamp|RequestExpired|TimestampExpired|RequestTimeInvalid/i,
    clock,
  ],
  [/NoSuchBucket|InvalidBucketName/i, 'There is no such bucket: compare `bucket` with the console.'],
  [/PermanentRedirect|AuthorizationHeaderMalformed|IllegalLocation|InvalidRegion/i, region],
  [
    /ExpiredToken|TokenRefreshRequired|InvalidToken|SecurityTokenExpired/i,
    'The temporary keys have expired or belong to another account: give `credentials` as a function that names current ones.',
  ],
  [
    /InvalidAccessKeyId|SignatureDoesNotMatch|SignatureFailure|SecretIdNotFound|APIGW\.0301|IncompleteSignature|AuthFailure/i,
    keys,
  ],
  [
    /AccessDenied|Forbidden|Unauthorized|NoPermission|AllAccessDisabled/i,
    `${permission} Some stores answer so to a wrong secret key, too.`,
  ],
];

const byCode: Partial<Record<Problem['code'], string>> = {
  unauthorized: 'Give the headers of a signed-in session: `--header "cookie: session=…"`.',
  forbidden: '`authorize` refuses this caller: use a session that may upload.',
  'rate-limited': '`authorize` limits how often this caller may start uploads: wait, or use another session.',
  'quota-exceeded': 'The quota of this caller is used up: use another session.',
  'provider-unknown': 'The endpoint has no provider of this id: compare `providers` with `--provider`.',
  'vendor-credentials': `${keys} If they are right: ${permission}`,
  'vendor-refused': permission,
  'vendor-unavailable':
    'The cloud does not answer: check the network of the server (DNS, proxy, firewall), `region` and `endpoint`.',
  'vendor-throttled': 'The account has reached the rate limit of the cloud: wait, or ask for a higher one.',
  'vendor-invalid-reply':
    'Something else than the cloud answers, such as a proxy: check `endpoint` and the network of the server.',
  'file-refused': 'The provider takes no test video: check `extensions` and the size limits.',
  internal: 'The log of the endpoint says what failed.',
};

export function remedyOf({ code, vendor }: Pick<Problem, 'code' | 'vendor'>): string {
  return remedyOfVendorCode(vendor?.code) ?? byCode[code] ?? 'The log of the endpoint says what failed.';
}

export function remedyOfVendorCode(code: string | undefined): string | undefined {
  return byVendorCode.find(([pattern]) => code !== undefined && pattern.test(code))?.[1];
}

/** The problem by its codes only: what an endpoint adds in prose may hold anything. */
export function named({ code, vendor }: Pick<Problem, 'code' | 'vendor'>): string {
  const cloud = [vendor?.code, vendor?.requestId && `request ${vendor.requestId}`].filter(Boolean);
  return cloud.length > 0 ? `${code} (${cloud.join(', ')})` : code;
}

export const clockRemedy = clock;
