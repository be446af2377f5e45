import { readFileSync } from 'node:fs';
import { Validator } from '@seriousme/openapi-schema-validator';
import { expect, it } from 'vitest';
import * as protocol from '../src/protocol/index.js';
import { file, openapi } from './openapi.mjs';

const shipped = JSON.parse(readFileSync(file, 'utf8'));

it('keeps the shipped OpenAPI document equal to the schemas: otherwise run npm run openapi', () => {
  expect(shipped).toEqual(openapi(protocol));
});

it('ships a valid OpenAPI 3.1 document', async () => {
  const validator = new Validator();
  const { valid, errors } = await validator.validate(structuredClone(shipped));
  expect(errors ?? []).toEqual([]);
  expect(valid).toBe(true);
  expect(validator.version).toBe('3.1');
});

it('describes every operation, and every problem code under its status', () => {
  expect(Object.keys(shipped.paths)).toEqual(protocol.operations.map((operation) => `/${operation}`));
  for (const { post } of Object.values(shipped.paths)) expect(post.summary).toMatch(/^[A-Z]/);
  for (const { post } of Object.values(shipped.paths))
    for (const [code, status] of Object.entries(protocol.problemStatus))
      expect(post.responses[status].description.split(', ')).toContain(code);
});

it('refers only to schemas that it has', () => {
  const names = [...JSON.stringify(shipped).matchAll(/"#\/components\/schemas\/(\w+)"/g)].map(
    ([, name]) => name,
  );
  expect(names.length).toBeGreaterThan(20);
  for (const name of names) expect(Object.keys(shipped.components.schemas)).toContain(name);
});
