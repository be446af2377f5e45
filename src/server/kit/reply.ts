import * as v from 'valibot';
import { EndpointError } from '../errors.js';

/** Parses JSON into a shape; `what` names the call in the error, the reply itself stays out of it. */
export function readJsonReply<T extends v.GenericSchema>(
  schema: T,
  text: string,
  what: string,
): v.InferOutput<T> {
  return outputOf(v.safeParse(v.pipe(v.string(), v.parseJson(), schema), text), what);
}

/** The same of fields that are parsed already. */
export function readFields<T extends v.GenericSchema>(
  schema: T,
  fields: unknown,
  what: string,
): v.InferOutput<T> {
  return outputOf(v.safeParse(schema, fields), what);
}

function outputOf<T extends v.GenericSchema>(parsed: v.SafeParseResult<T>, what: string): v.InferOutput<T> {
  if (parsed.success) return parsed.output;
  const [issue] = parsed.issues;
  const field = v.getDotPath(issue);
  throw new EndpointError('vendor-invalid-reply', {
    detail: `${what}: ${field ?? 'the answer'} is not as documented`,
  });
}
