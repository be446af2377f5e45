import fc from 'fast-check';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import * as protocol from './index.js';
import { type Reader, tryRead } from './reader.js';

/** What the browser reads with few bytes is what the endpoint's schemas say, to the letter. */
const pairs: Record<string, [v.GenericSchema, Reader<unknown>]> = {
  describe: [protocol.describeResponseSchema, protocol.readDescribeResponse],
  start: [protocol.startResponseSchema, protocol.readStartResponse],
  import: [protocol.importResponseSchema, protocol.readImportResponse],
  sign: [protocol.signResponseSchema, protocol.readSignResponse],
  attach: [protocol.attachResponseSchema, protocol.readAttachResponse],
  list: [protocol.listResponseSchema, protocol.readListResponse],
  finish: [protocol.finishResponseSchema, protocol.readFinishResponse],
  details: [protocol.detailsResponseSchema, protocol.readDetailsResponse],
  update: [protocol.updateResponseSchema, protocol.readUpdateResponse],
  problem: [protocol.problemSchema, protocol.readProblem],
  attachment: [protocol.attachmentSchema, protocol.object(protocol.attachmentFields)],
};

function expectAgreement(name: string, value: unknown): void {
  const [schema, reader] = pairs[name] ?? [];
  if (!schema || !reader) throw new Error(name);
  const expected = v.safeParse(schema, value);
  const read = tryRead(reader, value);
  if (expected.success) expect(read).toEqual(expected.output);
  else expect(read).toBeUndefined();
}

it('every operation has a pair', () => {
  expect(Object.keys(pairs)).toEqual(expect.arrayContaining([...protocol.operations]));
});

describe.each(Object.keys(pairs))('%s', (name) => {
  const schema = pairs[name]?.[0] as Schema;

  it('reads what the schema takes, whatever of it is there, and drops what it does not know', () => {
    fc.assert(
      fc.property(valid(schema), (value) => {
        const schemaTakes = v.safeParse(schema as unknown as v.GenericSchema, value).success;
        expect(schemaTakes).toBe(true);
        expectAgreement(name, value);
        expectAgreement(name, withMore(value));
      }),
      { numRuns: 200 },
    );
  });

  it('refuses what the schema refuses, wherever one value is another one', () => {
    fc.assert(
      fc.property(valid(schema), fc.nat(), junk, (value, place, other) => {
        expectAgreement(name, replaced(value, place, other));
      }),
      { numRuns: 500 },
    );
  });

  it.each([undefined, null, 0, '', 'text', true, [], {}, { results: {} }, { results: [null] }])(
    'agrees about %j',
    (value) => {
      expectAgreement(name, value);
    },
  );
});

it('throws what is no mismatch', () => {
  const fault = () => {
    throw new RangeError('a fault of ours');
  };
  expect(() => tryRead(fault, {})).toThrow('a fault of ours');
});

/** As much of a schema's own description as the messages use. */
interface Schema {
  readonly type: string;
  readonly entries?: Readonly<Record<string, Schema>>;
  readonly item?: Schema;
  readonly wrapped?: Schema;
  readonly literal?: unknown;
  readonly options?: readonly unknown[];
  readonly requirement?: unknown;
  readonly pipe?: readonly Schema[];
}

/** Values that a schema takes. Fields that may be absent are absent in half of them. */
function valid(schema: Schema): fc.Arbitrary<unknown> {
  const { entries = {}, item, wrapped, options = [] } = schema;
  const steps = stepsOf(schema);
  const limit = (type: string) =>
    steps.findLast((step) => step.type === type)?.requirement as number | undefined;
  switch (schema.type) {
    case 'object':
      return fc.record(Object.fromEntries(Object.entries(entries).map(([name, one]) => [name, valid(one)])), {
        requiredKeys: Object.keys(entries).filter((name) => entries[name]?.type !== 'optional'),
      });
    case 'optional':
      return valid(wrapped as Schema);
    case 'array':
      return fc.array(valid(item as Schema), { maxLength: 3 });
    case 'variant':
      return fc.oneof(...options.map((one) => valid(one as Schema)));
    case 'record':
      return fc.dictionary(fc.stringMatching(/^x-[a-z]{1,5}$/), fc.string(), { maxKeys: 3 });
    case 'literal':
      return fc.constant(schema.literal);
    case 'picklist':
      return fc.constantFrom(...options);
    case 'boolean':
      return fc.boolean();
    case 'unknown':
      return fc.jsonValue();
    case 'number':
      return steps.some(({ type }) => type === 'integer' || type === 'safe_integer')
        ? fc.integer({ min: limit('min_value') ?? -5, max: limit('max_value') ?? 1e6 })
        : fc.double({ min: limit('min_value') ?? -1e6, max: limit('max_value') ?? 1e6, noNaN: true });
    case 'string': {
      const pattern = steps.find(({ type }) => type === 'regex')?.requirement as RegExp | undefined;
      if (pattern)
        return fc.stringMatching(pattern).filter((text) => text.length <= (limit('max_length') ?? 24));
      return fc.string({
        minLength: limit('min_length') ?? 0,
        maxLength: Math.min(limit('max_length') ?? 30, 200),
      });
    }
    default:
      throw new Error(`a schema of the type ${schema.type}`);
  }
}

/** A pipe begins with its schema, which may be a pipe. */
function stepsOf({ pipe = [] }: Schema): readonly Schema[] {
  return pipe.flatMap((step, index) => [...(index === 0 && step.pipe !== pipe ? stepsOf(step) : []), step]);
}

/** What a message may have in place of a value: wrong types, and the edges of lengths, numbers and lists of words. */
const junk = fc.oneof(
  fc.constantFrom<unknown>(null, undefined, true, false, '', 'another word', [], {}, [null], { a: 1 }),
  fc.constantFrom<unknown>(-1, 0, 0.5, 1, 100, 100.5, 101, 10_000, 10_001, 2 ** 53, -0.5, 1e300, Infinity),
  fc
    .constantFrom(1, 64, 65, 128, 129, 255, 256, 1024, 1025, 16_384, 16_385)
    .map((length) => 'x'.repeat(length)),
  fc.constantFrom(
    'é',
    `${'A'.repeat(22)}==`,
    'PUT',
    'GET',
    'md5',
    'refused',
    'single',
    'multipart',
    'imported',
  ),
  fc.jsonValue(),
);

/** The same with another value in one place of it; `undefined` takes the place away, as JSON has none. */
function replaced(value: unknown, place: number, other: unknown): unknown {
  const places = placesIn(value);
  return put(value, places[place % places.length] ?? [], other);
}

function placesIn(value: unknown, path: readonly string[] = []): (readonly string[])[] {
  const inside =
    typeof value === 'object' && value !== null
      ? Object.entries(value).flatMap(([name, one]) => placesIn(one, [...path, name]))
      : [];
  return [path, ...inside];
}

function put(value: unknown, [name, ...path]: readonly string[], other: unknown): unknown {
  if (name === undefined) return other;
  if (Array.isArray(value))
    return value.map((one: unknown, index) => (String(index) === name ? put(one, path, other) : one));
  const changed = put((value as Record<string, unknown>)[name], path, other);
  const rest = Object.fromEntries(Object.entries(value as object).filter(([one]) => one !== name));
  return changed === undefined ? rest : { ...rest, [name]: changed };
}

/** The message of a later version: more fields in every object but in those whose names are not ours. */
function withMore(value: unknown): unknown {
  if (Array.isArray(value)) return value.map((one: unknown) => withMore(one));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([name, one]: [string, unknown]) => [
    name,
    /headers$|vendor$/i.test(name) ? one : withMore(one),
  ]);
  return { ...Object.fromEntries(entries), aLaterField: 1 };
}
