import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { expect, it } from 'vitest';
import { conformance } from '../src/cli/conformance/conformance.js';
import { make, names } from '../src/cli/test-support/clouds.js';
import { problemContentType } from '../src/protocol/index.js';
import { startSandbox } from '../src/sandbox/index.js';
import { createTokenEndpoint, toNodeListener } from '../src/server/index.js';
import { openapi } from './openapi.mjs';
import * as protocol from '../src/protocol/index.js';

// The validator of the document has the one of JSON Schema 2020-12 that belongs to OpenAPI 3.1.
const requireByValidator = createRequire(import.meta.resolve('@seriousme/openapi-schema-validator'));
const { Ajv2020 } = requireByValidator('ajv/dist/2020.js');

/** The document, in which no message has a field that is not described. */
function closed(document) {
  return JSON.parse(JSON.stringify(document), (_, value) =>
    value?.type === 'object' && value.properties && value.additionalProperties === undefined
      ? { ...value, additionalProperties: false }
      : value,
  );
}

function validators() {
  const ajv = new Ajv2020({ strict: false, allErrors: false, validateFormats: false });
  ajv.addSchema(closed(openapi(protocol)), 'vodrop');
  const named = (name) => ajv.compile({ $ref: `vodrop#/components/schemas/${name}` });
  const of = (operation, what) => named(operation[0].toUpperCase() + operation.slice(1) + what);
  const all = protocol.operations.map((one) => [
    one,
    { request: of(one, 'Request'), response: of(one, 'Response') },
  ]);
  return { problem: named('Problem'), operations: Object.fromEntries(all) };
}

/** What the suite leaves out because not every account has it: covers, subtitles, changes of details. */
async function callWithDetails(address, provider) {
  const call = async (operation, body) => {
    const headers = { 'content-type': 'application/json' };
    const response = await fetch(`${address}/${operation}`, {
      method: 'POST',
      headers,
      body: JSON.stringify(body),
    });
    return response.json();
  };
  const {
    results: [{ capabilities }],
  } = await call('describe', { providers: [provider] });
  const md5Base64 = '1B2M2Y8AsgTpgAmY7PhCfg==';
  const file = { sizeBytes: 1000, md5Base64 };
  const cover = { ...file, attachmentId: 'a', kind: 'cover', fileName: 'a.png', contentType: 'image/png' };
  const subtitle = {
    ...file,
    attachmentId: 'b',
    kind: 'subtitle',
    fileName: 'b.srt',
    contentType: '',
    language: 'en',
    title: 'English',
  };
  const attachments = [capabilities.cover && cover, capabilities.subtitles && subtitle].filter(Boolean);
  const upload = {
    ...file,
    clientId: 'c',
    fileName: 'a.mp4',
    contentType: 'video/mp4',
    metadata: { a: [1] },
  };
  const more = attachments.length > 0 ? { attachments } : {};
  const {
    results: [{ session }],
  } = await call('start', { provider, uploads: [{ ...upload, ...more }] });
  const { ticket } = session;
  await call('attach', { items: [{ ticket, attachments: [cover, subtitle] }] });
  for (const kind of attachments) await call('attach', { items: [{ ticket, attachments: [kind] }] });
  await call('update', { items: [{ ticket, update: { title: 'a', description: 'b', tags: ['c'] } }] });
  await call('details', { items: [{ ticket }] });
  await call('finish', { items: [{ ticket, status: 'failed' }] });
}

it.each(names)(
  'describes every message between pages and our endpoint with %s, and no field less',
  async (name) => {
    const { problem, operations } = validators();
    const sandbox = await startSandbox({ processingMs: 0 });
    const endpoint = createTokenEndpoint({
      providers: [make(name, sandbox)],
      authorize: () => ({ id: 'ann', options: 'any' }),
      secret: 'a secret of more than thirty-two characters',
      limits: { startsPerMinute: 1000, openUploads: 1000, bytesPerDay: 1e12, maxFileSizeBytes: 1e9 },
      imports: true,
    });
    const wrong = [];
    const seen = new Set();
    const check = (what, validate, json) => {
      seen.add(what);
      if (!validate(json)) wrong.push([what, validate.errors]);
    };
    const server = createServer(
      toNodeListener(async (request) => {
        const operation = new URL(request.url).pathname.split('/').at(-1);
        const text = await request.clone().text();
        const response = await endpoint(request);
        const json = await response.clone().json();
        if (response.headers.get('content-type') === problemContentType) check('problem', problem, json);
        else {
          check(`${operation} request`, operations[operation].request, JSON.parse(text));
          check(`${operation} response`, operations[operation].response, json);
        }
        return response;
      }),
    );
    await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
    try {
      const address = `http://127.0.0.1:${server.address().port}/api/uploads`;
      const checks = await conformance(address, { providers: [name] });
      expect(checks.filter(({ outcome }) => outcome === 'fault')).toEqual([]);
      await callWithDetails(address, name);
    } finally {
      server.closeAllConnections();
      server.close();
      await sandbox.close();
    }
    expect(wrong).toEqual([]);
    const inDocument = protocol.operations.flatMap((one) => [`${one} request`, `${one} response`]);
    expect([...seen].sort()).toEqual([...inDocument, 'problem'].sort());
  },
  240_000,
);
