// Writes the protocol as OpenAPI 3.1, made from its schemas: `npm run openapi`. A test holds the file and the schemas
// together (scripts/openapi.test.mjs), the build puts it into the package.
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { toJsonSchema } from '@valibot/to-json-schema';
import { root } from './install.mjs';

export const file = path.join(root, 'src/protocol/openapi.json');

const summaries = {
  describe: 'What providers need and can do',
  start: 'Begins uploads: makes the media and opens the transfer',
  import: 'Lets the cloud pull files from links',
  sign: 'Signed requests for parts',
  attach: 'Signed requests for covers and subtitles',
  list: 'The parts that the store has',
  finish: 'Ends uploads: completes and confirms, or discards',
  details: 'What the service knows of the media',
  update: 'Changes title, description and tags of the media',
};

/** The document, from the exports of `src/protocol/index.ts`. */
export function openapi(protocol) {
  const { operations, problemStatus, problemContentType } = protocol;
  const definitions = definitionsOf(protocol);
  const schemaOf = (schema, typeMode) => toSchema(schema, { typeMode, definitions });
  const schemas = Object.fromEntries(
    Object.entries(definitions).map(([name, schema]) => [name, schemaOf(schema)]),
  );
  const paths = {};
  for (const operation of operations) {
    const name = operation[0].toUpperCase() + operation.slice(1);
    schemas[`${name}Request`] = schemaOf(protocol[`${operation}RequestSchema`], 'input');
    schemas[`${name}Response`] = schemaOf(protocol[`${operation}ResponseSchema`]);
    paths[`/${operation}`] = { post: operationOf(operation, name, { problemStatus, problemContentType }) };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'vodrop token endpoint',
      version: JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')).version,
      description: [
        'What the widget says to the token endpoint. Every call carries a batch and is answered by 200 with one result per item, in order: a refused item does not affect the others. A call that cannot be processed as a whole is answered by one problem (RFC 9457).',
        '`ticket` is opaque: the endpoint seals in it whatever a later call needs, bound to the caller. A newer ticket in an answer replaces the one that was sent.',
        'How the caller is identified is up to the host; cookies are usual. No answer may be kept by a cache. `npx vodrop conformance <address>` tries whether an implementation keeps to all of this.',
      ].join('\n\n'),
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: '/api/uploads', description: 'Wherever the endpoint is mounted' }],
    security: [{ session: [] }],
    paths,
    components: {
      securitySchemes: {
        session: { type: 'apiKey', in: 'cookie', name: 'session', description: 'The session of the host.' },
      },
      schemas,
    },
  };
}

function operationOf(operation, name, { problemStatus, problemContentType }) {
  const problem = { [problemContentType]: { schema: { $ref: '#/components/schemas/Problem' } } };
  const codes = grouped(problemStatus);
  const problems = Object.fromEntries(
    [...codes]
      .sort(([a], [b]) => a - b)
      .map(([status, names]) => [String(status), { description: names.join(', '), content: problem }]),
  );
  return {
    operationId: operation,
    summary: summaries[operation],
    requestBody: {
      required: true,
      content: { 'application/json': { schema: { $ref: `#/components/schemas/${name}Request` } } },
    },
    responses: {
      200: {
        description: 'One result per item, in order',
        headers: { 'Cache-Control': { schema: { type: 'string', const: 'no-store' } } },
        content: { 'application/json': { schema: { $ref: `#/components/schemas/${name}Response` } } },
      },
      ...problems,
    },
  };
}

/** The codes of each status. */
function grouped(problemStatus) {
  const map = new Map();
  for (const [code, status] of Object.entries(problemStatus))
    map.set(status, [...(map.get(status) ?? []), code]);
  return map;
}

/** What several messages share, by name: generators of code make one type of each. */
function definitionsOf(protocol) {
  const shared = Object.keys(protocol).filter((name) => /(?<!Request|Response)Schema$/.test(name));
  return Object.fromEntries(
    // `SignedRequest` is a part of messages in spite of its name.
    [...shared, 'signedRequestSchema'].sort().map((name) => {
      const bare = name.replace(/Schema$/, '');
      return [bare[0].toUpperCase() + bare.slice(1), protocol[name]];
    }),
  );
}

/** JSON Schema 2020-12, which OpenAPI 3.1 contains. */
function toSchema(schema, { typeMode = 'output', definitions }) {
  const others = Object.fromEntries(Object.entries(definitions).filter(([, one]) => one !== schema));
  const {
    $schema: _,
    $defs: __,
    ...rest
  } = toJsonSchema(schema, {
    definitions: others,
    overrideRef: ({ referenceId }) => `#/components/schemas/${referenceId}`,
    target: 'draft-2020-12',
    typeMode,
    // JSON cannot say that a number is exact; the range does.
    overrideAction: ({ valibotAction, jsonSchema }) =>
      valibotAction.type === 'safe_integer'
        ? { ...jsonSchema, type: 'integer', maximum: Number.MAX_SAFE_INTEGER }
        : undefined,
    errorMode: 'throw',
  });
  return rest;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const [{ runnerImport }, { format, resolveConfig }] = [await import('vite'), await import('prettier')];
  const { module } = await runnerImport(path.join(root, 'src/protocol/index.ts'), { configFile: false });
  const options = { ...(await resolveConfig(file)), parser: 'json' };
  writeFileSync(file, await format(JSON.stringify(openapi(module)), options));
  console.log(path.relative(root, file));
}
