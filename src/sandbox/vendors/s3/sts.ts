import { randomBytes } from 'node:crypto';
import { sts as stsConstants } from '../../../vendors/s3.js';
import type { SandboxContext } from '../../context.js';
import { BodyTooLarge, readAll } from '../../http/body.js';
import { firstValue, parseQuery } from '../../http/encoding.js';
import type { Reply } from '../../http/reply.js';
import type { SandboxRequest } from '../../http/request.js';
import type { XmlFields } from '../../http/xml.js';
import type { Service } from '../../service.js';
import { verifySigV4 } from '../../verify/sigv4.js';
import type { S3Account } from './account.js';
import { resultDocument } from './xml.js';

interface TemporaryKeys {
  secretAccessKey: string;
  sessionToken: string;
  expiresAt: number;
}

/** The keys of the account, and those that AssumeRole issued. */
export class KeyDesk {
  readonly #account: S3Account;
  readonly #temporary = new Map<string, TemporaryKeys>();

  constructor(account: S3Account) {
    this.#account = account;
  }

  findSecret(accessKeyId: string): string | undefined {
    return accessKeyId === this.#account.accessKeyId
      ? this.#account.secretAccessKey
      : this.#temporary.get(accessKeyId)?.secretAccessKey;
  }

  /** Temporary keys require their token and expire; those of the account have neither. */
  problemOf(
    accessKeyId: string,
    sessionToken: string | undefined,
    nowMs: number,
    isExpired: boolean,
  ): 'InvalidToken' | 'ExpiredToken' | undefined {
    const keys = this.#temporary.get(accessKeyId);
    if (sessionToken !== keys?.sessionToken) return 'InvalidToken';
    return keys && (isExpired || nowMs >= keys.expiresAt) ? 'ExpiredToken' : undefined;
  }

  issue(expiresAt: number): TemporaryKeys & { accessKeyId: string } {
    const accessKeyId = `ASIA${randomBytes(8).toString('hex').toUpperCase()}`;
    const keys = {
      secretAccessKey: randomBytes(30).toString('base64'),
      sessionToken: randomBytes(90).toString('base64'),
      expiresAt,
    };
    this.#temporary.set(accessKeyId, keys);
    return { accessKeyId, ...keys };
  }

  clear(): void {
    this.#temporary.clear();
  }
}

const maxBodyBytes = 64 * 1024;

type Form = ReturnType<typeof parseQuery>;

/** STS API reference, "AssumeRole": the one STS call that uploads need, at the root of the origin. */
export function createSts(
  context: SandboxContext,
  account: S3Account,
  keys: KeyDesk,
  provider: string,
): Service {
  const sts = new Sts(context, account, keys);
  return {
    claim: (request) => {
      const isSts =
        request.path === '/' &&
        request.method === 'POST' &&
        /\/sts\/aws4_request/.test(request.header('authorization') ?? '');
      if (!isSts) return undefined;
      return {
        provider,
        plane: 'control',
        action: stsConstants.action,
        cors: null,
        perform: () => sts.perform(request),
        refuse: (status, code) =>
          sts.refusal(
            status,
            code ?? (status >= 500 ? 'InternalFailure' : 'ValidationError'),
            'Refused by a fault rule.',
          ),
        refusePreflight: () => sts.refusal(403, 'AccessDenied', 'STS has no CORS.'),
      };
    },
    reset: () => {
      keys.clear();
    },
  };
}

class Sts {
  readonly #context: SandboxContext;
  readonly #account: S3Account;
  readonly #keys: KeyDesk;

  constructor(context: SandboxContext, account: S3Account, keys: KeyDesk) {
    this.#context = context;
    this.#account = account;
    this.#keys = keys;
  }

  async perform(request: SandboxRequest): Promise<Reply> {
    const { accessKeyId, secretAccessKey, region } = this.#account;
    const signed = verifySigV4(request, {
      findSecret: (key) => (key === accessKeyId ? secretAccessKey : undefined),
      region,
      service: 'sts',
      nowMs: this.#context.now(),
    });
    if (!signed.ok)
      return this.refusal(
        403,
        signed.code === 'InvalidAccessKeyId' ? 'InvalidClientTokenId' : signed.code,
        signed.message ?? 'The request could not be authenticated.',
      );
    try {
      const body = await readAll(request.body, maxBodyBytes);
      return this.#answer(parseQuery(body.toString('utf8').replaceAll('+', '%20')));
    } catch (error) {
      if (error instanceof BodyTooLarge) return this.refusal(413, 'RequestEntityTooLarge', error.message);
      throw error;
    }
  }

  refusal(status: number, code: string, message: string): Reply {
    const type = status >= 500 ? 'Receiver' : 'Sender';
    return this.#reply(status, 'ErrorResponse', {
      Error: { Type: type, Code: code, Message: message },
      RequestId: requestId(),
    });
  }

  #answer(form: Form): Reply {
    if (
      firstValue(form, 'Action') !== stsConstants.action ||
      firstValue(form, 'Version') !== stsConstants.version
    )
      return this.refusal(400, 'InvalidAction', 'Only AssumeRole is emulated.');
    const session = firstValue(form, 'RoleSessionName') ?? '';
    const seconds = Number(firstValue(form, 'DurationSeconds') ?? 3600);
    if (firstValue(form, 'RoleArn') !== this.#account.roleArn)
      return this.refusal(403, 'AccessDenied', 'User is not authorized to perform: sts:AssumeRole');
    if (!/^[\w+=,.@-]{2,64}$/.test(session))
      return this.refusal(
        400,
        'ValidationError',
        'The role session name has 2 to 64 characters of \\w+=,.@-',
      );
    if (!(
      Number.isInteger(seconds) &&
      seconds >= stsConstants.minSeconds &&
      seconds <= stsConstants.maxSeconds
    ))
      return this.refusal(400, 'ValidationError', 'DurationSeconds is 900 to 43200.');
    return this.#assumeRole(session, seconds);
  }

  #assumeRole(session: string, seconds: number): Reply {
    const keys = this.#keys.issue(this.#context.now() + seconds * 1000);
    const credentials = {
      AccessKeyId: keys.accessKeyId,
      SecretAccessKey: keys.secretAccessKey,
      SessionToken: keys.sessionToken,
      Expiration: new Date(keys.expiresAt).toISOString(),
    };
    const user = {
      AssumedRoleId: `AROASANDBOX:${session}`,
      Arn: `${this.#account.roleArn.replace(':role/', ':assumed-role/')}/${session}`,
    };
    return this.#reply(200, 'AssumeRoleResponse', {
      AssumeRoleResult: { Credentials: credentials, AssumedRoleUser: user },
      ResponseMetadata: { RequestId: requestId() },
    });
  }

  #reply(status: number, root: string, fields: XmlFields): Reply {
    const body = resultDocument(this.#context, root, fields, stsConstants.namespace);
    return { status, headers: { 'Content-Type': 'text/xml' }, body };
  }
}

function requestId(): string {
  return randomBytes(16).toString('hex');
}
