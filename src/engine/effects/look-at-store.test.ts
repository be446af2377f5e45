// @vitest-environment happy-dom
import { afterEach, expect, it, vi } from 'vitest';
import { lookAtStore } from './look-at-store.js';

const url = 'https://store.test/bucket/key?signature=x';
const client = { list: () => Promise.resolve() };

/** As a browser does: the request fails, and a task of its own reports the violation before the endpoint answers. */
function forbid(blockedURI: string, effectiveDirective = 'connect-src') {
  const report = () =>
    document.dispatchEvent(
      Object.assign(new Event('securitypolicyviolation'), { blockedURI, effectiveDirective }),
    );
  return {
    reach: () => Promise.reject(new TypeError('Failed to fetch')),
    client: { list: () => Promise.resolve().then(report) },
  };
}

afterEach(() => {
  vi.restoreAllMocks();
});

it('takes a store that the policy of the page forbids for one that refuses, and names the directive', async () => {
  const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
  const look = await lookAtStore(url, { ticket: 't', hasStored: false, ...forbid('https://store.test/') });
  expect(look).toEqual({ isRefusing: true });
  expect(warn.mock.calls).toEqual([[expect.stringContaining('add https://store.test to connect-src')]]);
});

it('takes a violation of another address, or of another directive, for nothing about the store', async () => {
  for (const other of [forbid('https://other.test/'), forbid('https://store.test/', 'img-src')])
    expect(await lookAtStore(url, { ticket: 't', hasStored: false, ...other })).toEqual({
      isRefusing: false,
    });
});

it('takes a store that does not answer for a network that is out', async () => {
  const reach = () => Promise.resolve(false);
  expect(await lookAtStore(url, { ticket: 't', client, hasStored: false, reach })).toEqual({
    isRefusing: false,
  });
});
