import { describe, expect, it } from 'vitest';
import { rpcStringToSign, verifyRpcV1 } from './rpc-v1.js';
import data from './rpc-v1.vectors.json' with { type: 'json' };

interface Vector {
  method: string;
  params: Record<string, string>;
  signature: string;
  stringToSign?: string;
}

const findSecret = (id: string): string | undefined => (id === 'testAccessKeyId' ? data.secret : undefined);

describe.each(data.vectors as unknown as Vector[])(
  'RPC v1, $method $params.Action',
  ({ method, params, signature, stringToSign }) => {
    const nowMs = Date.parse(params['Timestamp'] ?? '');
    const verify = (changes: Record<string, string | undefined> = {}, now = nowMs, verb = method) => {
      const all = Object.entries({ ...params, Signature: signature, ...changes }).filter(
        (pair): pair is [string, string] => pair[1] !== undefined,
      );
      return verifyRpcV1({ method: verb, params: all }, findSecret, now);
    };

    it('accepts the RPC v1 signature in any order of its parameters', () => {
      expect(verify()).toMatchObject({
        ok: true,
        accessKeyId: 'testAccessKeyId',
        nonce: params['SignatureNonce'],
      });
      const backwards = Object.entries({ Signature: signature, ...params }).reverse();
      expect(verifyRpcV1({ method, params: backwards }, findSecret, nowMs).ok).toBe(true);
      if (stringToSign !== undefined)
        expect(rpcStringToSign(method, Object.entries(params))).toBe(stringToSign);
    });

    it('refuses the RPC v1 signature with anything changed, removed or added', () => {
      const mismatch = { ok: false, code: 'SignatureDoesNotMatch' };
      expect(verify({}, nowMs, method === 'GET' ? 'POST' : 'GET')).toMatchObject(mismatch);
      expect(verify({ Action: 'DeleteVideo' })).toMatchObject(mismatch);
      expect(verify({ Extra: '1' })).toMatchObject(mismatch);
      expect(verify({ Format: undefined })).toMatchObject(mismatch);
      expect(verify({ Signature: signature.toLowerCase() })).toMatchObject(mismatch);
      expect(verify({ Signature: undefined })).toEqual({
        ok: false,
        code: 'MissingParameter',
        detail: 'Signature',
      });
      expect(verify({ SignatureMethod: 'HMAC-SHA256' })).toMatchObject({ code: 'InvalidParameter' });
      expect(verify({ SignatureVersion: '2.0' })).toMatchObject({ code: 'InvalidParameter' });
      expect(verify({ AccessKeyId: 'other' })).toMatchObject({ code: 'InvalidAccessKeyId.NotFound' });
    });

    it('accepts the RPC v1 signature within fifteen minutes either way', () => {
      const minute = 60_000;
      expect([nowMs - 15 * minute, nowMs + 15 * minute].map((now) => verify({}, now).ok)).toEqual([
        true,
        true,
      ]);
      for (const now of [nowMs - 15 * minute - 1, nowMs + 15 * minute + 1])
        expect(verify({}, now)).toMatchObject({ code: 'InvalidTimeStamp.Expired' });
      expect(verify({ Timestamp: '20260330T080000Z' })).toMatchObject({ code: 'InvalidTimeStamp.Format' });
    });
  },
);
