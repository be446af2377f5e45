// Everything that must hold, cheapest first. Exits non-zero at the first thing that does not.
import { existsSync } from 'node:fs';
import path from 'node:path';
import { ensureChromium, ensureFfmpeg } from './browser.mjs';
import { cephProblem, startCeph } from './ceph.mjs';
import { ensureInstalled, run, runAll } from './install.mjs';
import { freePorts } from './ports.mjs';

try {
  ensureInstalled();
  step('type check', ['run', '--silent', 'typecheck']);
  step('lint', ['run', '--silent', 'lint']);
  step('unit tests', ['run', '--silent', 'unit']);
  step('build', ['run', '--silent', 'build']);
  ensureFfmpeg();
  const [storiesPort] = await freePorts(1);
  const chromium = { ...process.env, VODROP_CHROMIUM: ensureChromium() ?? '' };
  step('stories', ['run', '--silent', 'storybook:build']);
  step('pictures of the stories, and axe', ['run', '--silent', 'stories'], { ...chromium, VODROP_STORIES_PORT: String(storiesPort) });
  await endToEnd(chromium);
  inFirefox(chromium, await freePorts(2));
  step('a short soak', ['run', '--silent', 'soak', '--', '--minutes', '0.7', '--seed', '1'], chromium);
  const skipped = await againstCeph();
  console.log(skipped ? `\nall checks passed, but none was made against a real store: ${skipped}` : '\nall checks passed');
} catch (error) {
  console.error(`\nvodrop: ${error instanceof Error ? error.message : error}`);
  process.exit(1);
}

function step(title, args, env = process.env) {
  console.log(`\n— ${title}`);
  run('npm', args, { env });
}

/** The main job and the reload in the stock Firefox, where there is one. */
function inFirefox(env, [port, sandboxPort]) {
  if (!process.env.VODROP_FIREFOX && !existsSync('/usr/bin/firefox-esr')) {
    console.log('\n— Firefox\nskipped: there is no /usr/bin/firefox-esr, and VODROP_FIREFOX names no other');
    return;
  }
  step('Firefox', ['run', '--silent', 'e2e:browsers', '--', '--project', 'firefox'], { ...env, VODROP_E2E_PORT: String(port), VODROP_E2E_SANDBOX_PORT: String(sandboxPort) });
}

/**
 * In two halves, each with a page, a sandbox and a browser of its own: most of the time goes into waiting for clouds
 * that take theirs on purpose.
 */
async function endToEnd(env) {
  console.log('\n— end-to-end tests');
  const ports = await freePorts(4);
  await runAll([1, 2].map((half) => ({
    command: 'npx',
    args: ['playwright', 'test', '--config', 'e2e/playwright.config.ts', '--shard', `${half}/2`],
    env: {
      ...env,
      VODROP_E2E_PORT: String(ports[half * 2 - 2]),
      VODROP_E2E_SANDBOX_PORT: String(ports[half * 2 - 1]),
      VODROP_E2E_OUTPUT: path.join('test-results', String(half)),
      VODROP_DEMO_DIR: path.join('dist-demo', String(half)),
    },
  })));
}

/** The provider contract and the widget against a store that nobody here wrote. Why that was not done, or undefined. */
async function againstCeph() {
  console.log('\n— Ceph');
  const problem = cephProblem();
  if (problem) {
    console.log(`skipped: ${problem}`);
    return problem;
  }
  const { env, stop } = await startCeph();
  try {
    run('npx', ['vitest', 'run', 'src/server/providers/s3/live.test.ts'], { env: { ...process.env, ...env } });
    const [port, sandboxPort] = await freePorts(2);
    const ports = { VODROP_E2E_PORT: String(port), VODROP_E2E_SANDBOX_PORT: String(sandboxPort), VODROP_CHROMIUM: ensureChromium() ?? '' };
    run('npx', ['playwright', 'test', '--config', 'e2e/ceph.config.ts'], { env: { ...process.env, ...env, ...ports } });
  } finally {
    stop();
  }
}
