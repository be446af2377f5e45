import * as v from 'valibot';
import {
  problemContentType,
  problemSchema,
  problemStatus,
  type Problem,
  type ProblemCode,
} from '../../protocol/index.js';
import { post, type Answer, type EndpointUnderTest } from '../endpoint.js';

/** An answer that the protocol does not allow. The message contains nothing of the answer but statuses and codes. */
export class Violation extends Error {}

export function demand(holds: boolean, message: string): asserts holds {
  if (!holds) throw new Violation(message);
}

/** What every answer has, whatever it says. */
function expectHeaders({ headers }: Answer, type: string): void {
  const given = headers.get('content-type') ?? 'none';
  demand(given.split(';')[0]?.trim() === type, `Content-Type is ${given}, not ${type}.`);
  demand(
    (headers.get('cache-control') ?? '').includes('no-store'),
    'Cache-Control is not no-store: tickets and presigned URLs may be kept by a cache.',
  );
}

/** A whole call that was refused: RFC 9457 problem details of one of these codes. */
export function expectProblem(answer: Answer, ...codes: readonly ProblemCode[]): Problem {
  expectHeaders(answer, problemContentType);
  const problem = parse(problemSchema, answer.json, 'The problem');
  demand(codes.includes(problem.code), `The code is ${problem.code}, not ${codes.join(' or ')}.`);
  demand(
    answer.status === problem.status && problem.status === problemStatus[problem.code],
    `The status is ${answer.status}, not ${problemStatus[problem.code]}.`,
  );
  return problem;
}

/** The results of a call that was answered by 200, in order. */
export function expectResults<T extends v.GenericSchema<unknown, { results: unknown[] }>>(
  answer: Answer,
  schema: T,
  count: number,
): v.InferOutput<T>['results'] {
  const problem = v.safeParse(problemSchema, answer.json);
  demand(
    answer.status === 200,
    `The status is ${answer.status}${problem.success ? ` (${problem.output.code})` : ''}, not 200.`,
  );
  expectHeaders(answer, 'application/json');
  const { results } = parse(schema, answer.json, 'The answer');
  demand(results.length === count, `There are ${results.length} results for ${count} items.`);
  return results;
}

export interface Call<T> {
  readonly operation: string;
  readonly body: { readonly [key: string]: unknown };
  readonly schema: T;
}

/** The result of a call of one item; a problem of the whole call counts as that of its only item. */
export async function callOne<T extends v.GenericSchema<unknown, { results: unknown[] }>>(
  endpoint: EndpointUnderTest,
  { operation, body, schema }: Call<T>,
): Promise<v.InferOutput<T>['results'][number] | { outcome: 'refused'; problem: Problem }> {
  const answer = await post(endpoint, operation, body);
  if (answer.status !== 200) {
    const problem = parse(problemSchema, answer.json, 'The problem');
    expectProblem(answer, problem.code);
    return { outcome: 'refused', problem };
  }
  return expectResults(answer, schema, 1)[0];
}

/** Throws unless the outcome is this one. */
export function expectOutcome<R extends { outcome: string; problem?: Problem }, O extends R['outcome']>(
  result: R,
  outcome: O,
): Extract<R, { outcome: O }> {
  const code = result.problem ? ` (${result.problem.code})` : '';
  demand(result.outcome === outcome, `The outcome is ${result.outcome}${code}, not ${outcome}.`);
  return result as Extract<R, { outcome: O }>;
}

export function expectRefused(
  result: { readonly outcome: string; readonly problem?: Problem },
  ...codes: readonly ProblemCode[]
): void {
  demand(
    result.outcome === 'refused' && result.problem !== undefined,
    `The outcome is ${result.outcome}, not refused.`,
  );
  demand(
    codes.length === 0 || codes.includes(result.problem.code),
    `The code is ${result.problem.code}, not ${codes.join(' or ')}.`,
  );
}

function parse<T extends v.GenericSchema>(schema: T, json: unknown, what: string): v.InferOutput<T> {
  const parsed = v.safeParse(schema, json);
  if (parsed.success) return parsed.output;
  const [issue] = parsed.issues;
  throw new Violation(
    `${what} does not fit its schema: ${v.getDotPath(issue) ?? 'the body'} is not a valid ${issue.expected ?? issue.type}.`,
  );
}
