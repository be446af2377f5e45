import type { LocalSandbox } from '../sandbox/index.js';
import type { Line } from './line.js';

export interface CloudCallOptions {
  readonly line: Line;
  readonly clouds: LocalSandbox;
  readonly instance: number;
  /** Not the request's own, which undici holds weakly. */
  readonly signal: AbortSignal | undefined;
  /** An instance that has stopped makes no call and hears no answer. */
  readonly isAway: () => boolean;
  /** A multipart upload was opened, and the answer did not arrive. */
  readonly onLostCreation: (path: string) => void;
}

/** A call of an endpoint's instance to a cloud. */
export async function callCloud(
  request: Request,
  { line, clouds, instance, signal, isAway, onLostCreation }: CloudCallOptions,
): Promise<Response> {
  const body = request.body ? await request.arrayBuffer() : null;
  const { pathname, searchParams } = new URL(request.url);
  const { method, headers, url } = request;
  const action =
    searchParams.get('Action') ?? headers.get('x-acs-action') ?? headers.get('x-tc-action') ?? undefined;
  const isCreation = method === 'POST' && searchParams.has('uploads');
  let isDelivered = false;
  try {
    return await line.send({
      line: 'cloud',
      name: `endpoint ${instance} to cloud ${method} ${action ?? pathname}`,
      signal,
      isCut: isAway,
      mayBeDoubled: method !== 'POST' || searchParams.has('uploadId') || isReading(action),
      deliver: (leg) => {
        isDelivered = true;
        return clouds.fetch(new Request(url, { method, headers, body, signal: leg }));
      },
    });
  } catch (error) {
    if (isCreation && isDelivered) onLostCreation(pathname);
    throw error;
  }
}

function isReading(action: string | undefined): boolean {
  return action !== undefined && /^(Get|Describe|Refresh)/.test(action);
}
