import { describe, expect, it } from 'vitest';
import { rpcV1Signature, rpcV1StringToSign, signRpcV1 } from './rpc-v1.js';
import data from './rpc-v1.vectors.json' with { type: 'json' };

interface Vector {
  method: string;
  params: Record<string, string>;
  signature: string;
  stringToSign?: string;
}

const vectors = data.vectors as unknown as Vector[];

describe.each(vectors)(
  'the RPC V1 signature, $method $params.Action',
  ({ method, params, signature, stringToSign }) => {
    it('computes the same RPC V1 signature as the vendor’s client', () => {
      expect(rpcV1Signature(method, params, data.secret)).toBe(signature);
      if (stringToSign !== undefined) expect(rpcV1StringToSign(method, params)).toBe(stringToSign);
    });

    it('computes the same RPC V1 signature from the action’s parameters alone', () => {
      const common = [
        'AccessKeyId',
        'Format',
        'SignatureMethod',
        'SignatureNonce',
        'SignatureVersion',
        'Timestamp',
        'SecurityToken',
      ];
      const own = Object.fromEntries(Object.entries(params).filter(([name]) => !common.includes(name)));
      const {
        AccessKeyId: accessKeyId = '',
        SecurityToken: securityToken,
        SignatureNonce: nonce = '',
        Timestamp: time = '',
      } = params;
      const keys = {
        accessKeyId,
        accessKeySecret: data.secret,
        ...(securityToken !== undefined && { securityToken }),
      };
      const signed = signRpcV1(
        { method: method as 'GET' | 'POST', params: own, date: new Date(time), nonce },
        keys,
      );
      expect(signed).toEqual({ ...params, Signature: signature });
    });
  },
);
