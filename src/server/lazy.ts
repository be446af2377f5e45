import { createProblem } from '../protocol/index.js';
import { corsOf, keepCors } from './cors.js';
import type { HostCall } from './node.js';
import { problemResponse } from './respond.js';

type Handler<Context> = (request: Request, host?: HostCall<Context>) => Promise<Response>;

/**
 * Makes the handler with its first request. A configuration that cannot work is answered as `internal` and written to
 * the console, because the log hook is part of it; the next request tries again.
 */
export function createLazily<Context>(make: () => Handler<Context>): Handler<Context> {
  let handler: Handler<Context> | undefined;
  const lazily: Handler<Context> = async (request, host) => {
    try {
      handler ??= make();
    } catch (error) {
      // eslint-disable-next-line no-console -- There is no log hook yet, and an operator has to see the remedy.
      console.error(error);
      return problemResponse(
        createProblem('internal', {
          detail: 'The endpoint is not configured; its log says what is missing.',
        }),
      );
    }
    return handler(request, host);
  };
  return keepCors(lazily, () => handler && corsOf(handler));
}
