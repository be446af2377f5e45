import { describe, expect, it } from 'vitest';
import { acs3Authorization, signAcs3 } from './acs3-hmac-sha256.js';
import data from './acs3-hmac-sha256.vectors.json' with { type: 'json' };

interface Vector {
  method: 'GET' | 'POST';
  query: Record<string, string>;
  body: string | null;
  headers: Record<string, string>;
  signature: string;
  accessKeyId?: string;
  accessKeySecret?: string;
  canonicalRequest?: string;
  stringToSign?: string;
}

const vectors = data.vectors as unknown as Vector[];

describe.each(vectors)('the ACS3-HMAC-SHA256 signature, $method $headers.x-acs-action', (vector) => {
  const { method, query, body, headers, signature, canonicalRequest, stringToSign } = vector;
  const keys = {
    accessKeyId: vector.accessKeyId ?? data.accessKeyId,
    accessKeySecret: vector.accessKeySecret ?? data.accessKeySecret,
  };

  it('computes the same ACS3-HMAC-SHA256 signature as the vendor’s client', () => {
    const signed = acs3Authorization(method, query, headers, keys);
    expect(signed.authorization).toMatch(
      new RegExp(
        `^ACS3-HMAC-SHA256 Credential=${keys.accessKeyId},SignedHeaders=[a-z0-9;-]+,Signature=${signature}$`,
      ),
    );
    if (canonicalRequest !== undefined) expect(signed.canonicalRequest).toBe(canonicalRequest);
    if (stringToSign !== undefined) expect(signed.stringToSign).toBe(stringToSign);
  });

  it('computes the same ACS3-HMAC-SHA256 signature from the request alone', () => {
    const header = (name: string) => headers[name] ?? '';
    const securityToken = headers['x-acs-security-token'];
    const request = {
      method,
      query,
      host: header('host'),
      action: header('x-acs-action'),
      version: header('x-acs-version'),
      date: new Date(header('x-acs-date')),
      nonce: header('x-acs-signature-nonce'),
      ...(body !== null && { body }),
    };
    const sent = signAcs3(request, { ...keys, ...(securityToken !== undefined && { securityToken }) });
    expect(sent['Authorization']).toContain(`Signature=${signature}`);
    expect(sent).not.toHaveProperty('host');
  });
});
