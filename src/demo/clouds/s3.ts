import { assumeRole, s3, type S3Options, s3Stores } from '../../server/index.js';
import type { Cloud } from './cloud.js';

type Environment = Parameters<Cloud>[0];
type Sandbox = Parameters<Cloud>[1];

/** Any store that speaks S3: a real one when its settings are in the environment. */
export const s3Cloud: Cloud = (env, sandbox) => {
  const { S3_ACCESS_KEY_ID: accessKeyId, S3_SECRET_ACCESS_KEY: secretAccessKey } = env;
  if (isReal(env) && accessKeyId && secretAccessKey)
    return s3({
      ...realStore(env),
      credentials: {
        accessKeyId,
        secretAccessKey,
        sessionToken: env['S3_SESSION_TOKEN'],
      },
    });
  const { accessKeyId: id, secretAccessKey: secret } = sandbox.credentials.s3;
  return s3({ ...sandboxStore(sandbox), credentials: { accessKeyId: id, secretAccessKey: secret } });
};

/** The same by temporary keys of a role, in headers. */
export const s3StsCloud: Cloud = (env, sandbox) => {
  const {
    S3_ACCESS_KEY_ID: accessKeyId,
    S3_SECRET_ACCESS_KEY: secretAccessKey,
    S3_ROLE_ARN: roleArn,
    S3_STS_ENDPOINT: endpoint,
  } = env;
  if (isReal(env) && accessKeyId && secretAccessKey && roleArn) {
    const { region, ...store } = realStore(env);
    const credentials = assumeRole({
      region,
      roleArn,
      credentials: { accessKeyId, secretAccessKey },
      endpoint,
    });
    return s3({ id: 's3-sts', signature: 'headers', region, ...store, credentials });
  }
  const {
    region,
    stsEndpoint,
    roleArn: role,
    accessKeyId: id,
    secretAccessKey: secret,
  } = sandbox.credentials.s3;
  return s3({
    id: 's3-sts',
    signature: 'headers',
    ...sandboxStore(sandbox),
    credentials: assumeRole({
      endpoint: stsEndpoint,
      region,
      roleArn: role,
      credentials: { accessKeyId: id, secretAccessKey: secret },
    }),
  });
};

type Store = Omit<S3Options, 'credentials'>;

/** What presets ask for. */
interface PresetPlace {
  readonly region: string;
  readonly endpoint: string;
  readonly accountId: string;
}

function isReal({ S3_BUCKET: bucket, S3_REGION: region, S3_PRESET: preset }: Environment): boolean {
  return Boolean(bucket && (region || preset));
}

function realStore(env: Environment): Store {
  const {
    S3_BUCKET: bucket = '',
    S3_REGION: region = '',
    S3_ENDPOINT: endpoint,
    S3_FORCE_PATH_STYLE: pathStyle,
    S3_PUBLIC_URL: publicUrl,
  } = env;
  const known = presetSettings(env);
  return {
    ...known,
    bucket,
    region: region || (known.region ?? ''),
    endpoint: endpoint ?? known.endpoint,
    forcePathStyle: pathStyle ? pathStyle === 'true' : known.forcePathStyle,
    acl: publicUrl ? 'public-read' : known.acl,
    urlFor: publicUrl ? addressUnder(publicUrl) : undefined,
  };
}

function presetSettings({
  S3_PRESET: name,
  S3_REGION: region,
  S3_ENDPOINT: endpoint,
  S3_ACCOUNT_ID: accountId,
}: Environment): Partial<S3Options> {
  if (!name) return {};
  const presets: Record<string, (place: PresetPlace) => Partial<S3Options>> = s3Stores;
  const preset = presets[name];
  if (!preset)
    throw new TypeError(`S3_PRESET: no preset ${name}; there are ${Object.keys(presets).join(', ')}`);
  // The preset has defaults for what is not set, or set to nothing.
  const place = Object.entries({ region, endpoint, accountId }).filter(([, value]) => value);
  return preset(Object.fromEntries(place) as unknown as PresetPlace);
}

function sandboxStore({ credentials }: Sandbox): Store {
  const { endpoint, region, bucket } = credentials.s3;
  return { endpoint, region, bucket, acl: 'public-read', urlFor: addressUnder(`${endpoint}/${bucket}`) };
}

function addressUnder(base: string): (key: string) => string {
  return (key) => `${base.replace(/\/+$/, '')}/${key.split('/').map(encodeURIComponent).join('/')}`;
}
