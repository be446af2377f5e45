import { expect, it } from 'vitest';
import { metastudioErrors, type MetastudioErrorCode } from '../../../vendors/huawei-metastudio.js';
import { metastudioError } from './errors.js';

it.each(Object.keys(metastudioErrors) as MetastudioErrorCode[])(
  'maps the MetaStudio error %s without repeating the vendor’s message',
  (code) => {
    const text = JSON.stringify({ error_code: code, error_msg: 'secret' });
    const error = metastudioError(
      { status: metastudioErrors[code][0], headers: new Headers({ 'x-request-id': 'R' }), text },
      'call',
      0,
    );
    expect(error).toMatchObject({
      code: expect.stringMatching(/^(vendor-|media-|upload-|file-)/) as string,
      vendor: { code, requestId: 'R' },
    });
    expect(error.message).not.toContain('secret');
  },
);

it.each([
  [401, 'APIG.0301', 'vendor-credentials'],
  [429, 'APIGW.0308', 'vendor-throttled'],
  [503, '', 'vendor-unavailable'],
  [418, '', 'vendor-refused'],
])('maps HTTP %i of the API gateway with code "%s"', (status, error_code, code) => {
  expect(
    metastudioError({ status, headers: new Headers(), text: JSON.stringify({ error_code }) }, 'call', 0).code,
  ).toBe(code);
});
