import { randomBytes } from 'node:crypto';
import { sts } from '../../../vendors/s3.js';
import type { SandboxContext } from '../../context.js';
import { BodyTooLarge, readAll } from '../../http/body.js';
import { firstValue, parseQuery } from '../../http/encoding.js';
import type { Reply } from '../../http/reply.js';
import type { SandboxRequest } from '../../http/request.js';
import type { Service } from '../../service.js';
import { verifySigV4 } from '../../verify/sigv4.js';
import type { S3Account } from './account.js';
import { resultDocument } from './xml.js';

interface TemporaryKeys {
  secretAccessKey: string;
  sessionToken: string;
  expiresAt: number;
}

/** The keys of the account, and those that AssumeRole gave out. */
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

  /** Temporary keys are only good together with their token, and for their time; those of the account go without. */
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

/** STS API reference, "AssumeRole": the one call of it that uploads need, on the origin itself. */
export function createSts(
  context: SandboxContext,
  account: S3Account,
  keys: KeyDesk,
  provider: string,
): Service {
  const perform = async (request: SandboxRequest): Promise<Reply> => {
    const signed = verifySigV4(request, {
      findSecret: (key) => (key === account.accessKeyId ? account.secretAccessKey : undefined),
      region: account.region,
      service: 'sts',
      nowMs: context.now(),
    });
    if (!signed.ok)
      return refusal(
        403,
        signed.code === 'InvalidAccessKeyId' ? 'InvalidClientTokenId' : signed.code,
        signed.message ?? 'The request could not be authenticated.',
      );
    const form = parseQuery(
      (await readAll(request.body, maxBodyBytes)).toString('utf8').replaceAll('+', '%20'),
    );
    if (firstValue(form, 'Action') !== sts.action || firstValue(form, 'Version') !== sts.version)
      return refusal(400, 'InvalidAction', 'Only AssumeRole is emulated.');
    return assumeRole(form);
  };

  const assumeRole = (form: ReturnType<typeof parseQuery>): Reply => {
    const session = firstValue(form, 'RoleSessionName') ?? '';
    const seconds = Number(firstValue(form, 'DurationSeconds') ?? 3600);
    if (firstValue(form, 'RoleArn') !== account.roleArn)
      return refusal(403, 'AccessDenied', 'User is not authorized to perform: sts:AssumeRole');
    if (!/^[\w+=,.@-]{2,64}$/.test(session))
      return refusal(400, 'ValidationError', 'The role session name has 2 to 64 characters of \\w+=,.@-');
    if (!(Number.isInteger(seconds) && seconds >= sts.minSeconds && seconds <= sts.maxSeconds))
      return refusal(400, 'ValidationError', 'DurationSeconds is 900 to 43200.');
    const { accessKeyId, secretAccessKey, sessionToken, expiresAt } = keys.issue(
      context.now() + seconds * 1000,
    );
    const credentials = {
      AccessKeyId: accessKeyId,
      SecretAccessKey: secretAccessKey,
      SessionToken: sessionToken,
      Expiration: new Date(expiresAt).toISOString(),
    };
    const user = {
      AssumedRoleId: `AROASANDBOX:${session}`,
      Arn: `${account.roleArn.replace(':role/', ':assumed-role/')}/${session}`,
    };
    return reply(
      200,
      resultDocument(
        'AssumeRoleResponse',
        {
          AssumeRoleResult: { Credentials: credentials, AssumedRoleUser: user },
          ResponseMetadata: { RequestId: requestId() },
        },
        sts.namespace,
      ),
    );
  };

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
        action: sts.action,
        cors: null,
        perform: () =>
          perform(request).catch((error: unknown) => {
            if (error instanceof BodyTooLarge) return refusal(413, 'RequestEntityTooLarge', error.message);
            throw error;
          }),
        refuse: (status, code) =>
          refusal(
            status,
            code ?? (status >= 500 ? 'InternalFailure' : 'ValidationError'),
            'As a fault rule has it.',
          ),
        refusePreflight: () => refusal(403, 'AccessDenied', 'STS has no CORS.'),
      };
    },
    reset: () => {
      keys.clear();
    },
  };
}

function refusal(status: number, code: string, message: string): Reply {
  return reply(
    status,
    resultDocument(
      'ErrorResponse',
      {
        Error: { Type: status >= 500 ? 'Receiver' : 'Sender', Code: code, Message: message },
        RequestId: requestId(),
      },
      sts.namespace,
    ),
  );
}

function reply(status: number, body: string): Reply {
  return { status, headers: { 'Content-Type': 'text/xml' }, body };
}

function requestId(): string {
  return randomBytes(16).toString('hex');
}
