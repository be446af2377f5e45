import { generateKeyPairSync, sign, type KeyObject } from 'node:crypto';

/** A key of this sandbox, with a certificate (RFC 5280) that it has signed itself with SHA-256. */
export interface SigningCertificate {
  privateKey: KeyObject;
  pem: string;
}

let shared: SigningCertificate | undefined;

/** One for all sandboxes of the process: to make a key takes long. */
export function signingCertificate(): SigningCertificate {
  return (shared ??= createCertificate(Date.now()));
}

function createCertificate(nowMs: number): SigningCertificate {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  // sha256WithRSAEncryption, commonName
  const algorithm = sequence(bytes(0x06, Buffer.from('2a864886f70d01010b', 'hex')), bytes(0x05));
  const name = sequence(
    bytes(
      0x31,
      sequence(
        bytes(0x06, Buffer.from('550403', 'hex')),
        bytes(0x0c, Buffer.from('notifications.sandbox.test')),
      ),
    ),
  );
  const day = 24 * 60 * 60_000;
  const validity = sequence(time(nowMs - 400 * day), time(nowMs + 4000 * day));
  const toSign = sequence(
    bytes(0xa0, bytes(0x02, Buffer.from([2]))),
    bytes(0x02, Buffer.from([1])),
    algorithm,
    name,
    validity,
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
  );
  const signature = Buffer.concat([Buffer.from([0]), sign('sha256', toSign, privateKey)]);
  const lines =
    sequence(toSign, algorithm, bytes(0x03, signature))
      .toString('base64')
      .match(/.{1,64}/g) ?? [];
  return {
    privateKey,
    pem: `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`,
  };
}

function sequence(...elements: Buffer[]): Buffer {
  return bytes(0x30, Buffer.concat(elements));
}

/** One element of DER. */
function bytes(tag: number, content: Buffer = Buffer.alloc(0)): Buffer {
  const { length } = content;
  const size =
    length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, Math.floor(length / 256), length % 256];
  return Buffer.concat([Buffer.from([tag, ...size]), content]);
}

/** GeneralizedTime. */
function time(ms: number): Buffer {
  return bytes(0x18, Buffer.from(`${new Date(ms).toISOString().replace(/[-:T]|\.\d+Z/g, '')}Z`));
}
