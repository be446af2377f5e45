import { afterEach, expect, it } from 'vitest';
import { vendorXmlStyle, type XmlStyle } from './http/xml-style.js';
import { startSandbox, type RunningSandbox } from './start.js';
import { store } from './test-support/raw-client.js';

let sandbox: RunningSandbox | undefined;
afterEach(() => sandbox?.close());

const styles: [Partial<XmlStyle>, RegExp][] = [
  [{ namespace: 'prefixed' }, /<ns0:Error xmlns:ns0="urn:sandbox"><ns0:Code>/],
  [{ cdata: true }, /<Code><!\[CDATA\[/],
  [{ indented: true }, /<Error>\n {2}<Code>/],
];

/** One request that each store refuses, by its signature. */
const refused: [string, string, Record<string, string>][] = [
  ['S3', '/s3-sandbox/key', {}],
  ['OBS', '/vod-sandbox-cn-north-4/key', { Authorization: 'OBS key:signature' }],
  ['OSS', '/outin-sandbox-cn-shanghai/key', {}],
  ['COS', '/key?q-sign-algorithm=sha1&q-ak=nobody', {}],
];

it.each(
  refused.flatMap(([name, path, headers]) =>
    styles.map(([style, text]) => ({ name, path, headers, style, text })),
  ),
)('$name writes its error document in the style $style', async ({ path, headers, style, text }) => {
  sandbox = await startSandbox({ settings: { xmlStyle: { ...vendorXmlStyle, ...style } } });
  const answer = await store(`${sandbox.url}${path}`, 'GET', headers);
  expect(answer.text).toMatch(text);
});
