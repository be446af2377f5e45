import { type ChildProcess, fork } from 'node:child_process';
import path from 'node:path';
import { test as base } from '@playwright/test';
import { Sandbox } from './sandbox.js';

/** A page and a cloud for this worker only. */
export interface Demo {
  url: string;
  sandboxUrl: string;
}

const root = path.join(import.meta.dirname, '..', '..');
const stopMs = 10_000;

/** Each worker has its own demo on its own ports, so that no test sees the objects of another. */
export const test = base.extend<{ sandbox: Sandbox }, { demo: Demo; demoSettings: Record<string, string> }>({
  /** Variables of the environment, beside those of all tests. */
  demoSettings: [{}, { scope: 'worker', option: true }],
  demo: [
    async ({ demoSettings }, use) => {
      // The demo ends when its IPC channel to this process closes.
      const server = fork(path.join(root, 'scripts', 'start.mjs'), ['--serve'], {
        cwd: root,
        // The processing time ends before the first poll of the page.
        env: { ...process.env, PORT: '0', SANDBOX_PORT: '0', SANDBOX_PROCESSING_MS: '500', ...demoSettings },
        execArgv: [],
        stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      });
      server.stderr?.on('data', (said: Buffer) => process.stderr.write(said));
      try {
        const url = await addressOf(server);
        const { sandboxUrl } = (await (await fetch(`${url}/api/demo`)).json()) as { sandboxUrl: string };
        await use({ url, sandboxUrl });
      } finally {
        await end(server);
      }
    },
    { scope: 'worker', timeout: 60_000 },
  ],
  baseURL: async ({ demo }, use) => {
    await use(demo.url);
  },
  sandbox: async ({ demo }, use, testInfo) => {
    const sandbox = new Sandbox(demo.sandboxUrl);
    await sandbox.reset();
    await use(sandbox);
    // What the clouds saw says more of a race than what the page shows at its end.
    if (testInfo.status !== testInfo.expectedStatus)
      process.stderr.write(`calls to the sandbox of “${testInfo.title}”:\n${await sandbox.log()}\n`);
    await sandbox.clearFaults();
  },
});

/** Resolves with the line that the demo prints when it is ready; rejects when the demo ends before. */
function addressOf(server: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = '';
    server.stdout?.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      const [, url] = /^vodrop ready: (\S+)\/$/m.exec(said) ?? [];
      if (url) resolve(url);
    });
    server.once('error', reject);
    server.once('exit', (code, signal) => {
      reject(new Error(`the demo ended with ${code ?? signal} before it was ready`));
    });
  });
}

async function end(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return;
  const gone = new Promise((resolve) => server.once('exit', resolve));
  const patience = setTimeout(() => server.kill('SIGKILL'), stopMs);
  server.kill('SIGTERM');
  await gone;
  clearTimeout(patience);
}
