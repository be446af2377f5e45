import { existsSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Plugin } from 'vite';
import { type RunningSandbox, startSandbox } from '../sandbox/index.js';
import { createTokenEndpoint, toNodeListener } from '../server/index.js';
import { clouds } from './clouds/index.js';

type Listener = (request: IncomingMessage, response: ServerResponse) => void;

interface LocalCloud {
  sandbox: RunningSandbox;
  tokens: Listener;
}

/** One per process: Vite starts its next server before it stops the last one. */
let running: Promise<LocalCloud> | undefined;

/** The server side of the demo page: the token endpoint at `/api/uploads`, and a sandbox on its own origin, whose address is at `/api/demo`. */
export function localCloud(): Plugin {
  const serve = async (server: { middlewares: { use(path: string, listener: Listener): void } }) => {
    running ??= startLocalCloud();
    const { sandbox, tokens } = await running;
    server.middlewares.use('/api/uploads', tokens);
    server.middlewares.use('/api/demo', (_request, response) => {
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify({ sandboxUrl: sandbox.url }));
    });
  };
  const close = async () => {
    const ending = running;
    running = undefined;
    await (await ending)?.sandbox.close();
  };
  return {
    name: 'vodrop:local-cloud',
    configureServer: serve,
    configurePreviewServer: serve,
    closeServer: ({ reason }) => (reason === 'close' ? close() : undefined),
    closePreviewServer: close,
  };
}

async function startLocalCloud(): Promise<LocalCloud> {
  const {
    SANDBOX_PORT: port = '5174',
    SANDBOX_PROCESSING_MS: processingMs,
    SANDBOX_PULL_ORIGINS: moreOrigins = '',
    SANDBOX_PULL_WAIT_MS: pullWaitMs,
    SANDBOX_PULL_MAX_BYTES: pullMaxBytes,
  } = process.env;
  // A video of the sandbox has an address, from which it can be imported once more.
  const origins = [`http://127.0.0.1:${port}`, ...moreOrigins.split(',').filter(Boolean)];
  const sandbox = await startSandbox({
    port: Number(port),
    processingMs: processingMs ? Number(processingMs) : undefined,
    settings: {
      pullOrigins: origins,
      ...(pullWaitMs && { pullWaitMs: Number(pullWaitMs) }),
      ...(pullMaxBytes && { pullMaxBytes: Number(pullMaxBytes) }),
    },
  });
  const settings = loadEnvironment();
  const endpoint = createTokenEndpoint({
    providers: clouds.map((cloud) => cloud(settings, sandbox)),
    // The demo has no sign-in: all callers are one person. Tests set a cookie.
    authorize: ({ headers }) => ({
      id: /\bperson=(\w+)/.exec(headers.get('cookie') ?? '')?.[1] ?? 'demo',
      options: 'any',
    }),
    imports: { origins },
    secret: crypto.getRandomValues(new Uint8Array(32)),
  });
  return { sandbox, tokens: forOwnPage(toNodeListener(endpoint)) };
}

/**
 * The demo has no sign-in, and may have real keys: a page of another origin must not spend them through the browser.
 * Vite answers preflights of every page on this machine.
 */
export function forOwnPage(listener: Listener): Listener {
  return (request, response) => {
    const { origin, host } = request.headers;
    const isOwn = origin === undefined || (URL.canParse(origin) && new URL(origin).host === host);
    if (isOwn) listener(request, response);
    else response.writeHead(403).end();
  };
}

/** Settings of real clouds, from `.env` where there is one; see `.env.example`. An empty setting is absent. */
function loadEnvironment(): Readonly<Record<string, string | undefined>> {
  if (existsSync('.env')) process.loadEnvFile('.env');
  return Object.fromEntries(Object.entries(process.env).filter(([, value]) => value !== ''));
}
