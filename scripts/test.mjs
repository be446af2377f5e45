// Everything that must hold, cheapest first. Exits non-zero at the first thing that does not.
import { existsSync } from 'node:fs';
import { ensureChromium, ensureFfmpeg, ensureHeadlessShell } from './browser.mjs';
import { cephProblem, startCeph } from './ceph.mjs';
import { ensureInstalled, run } from './install.mjs';
import { freePorts } from './ports.mjs';

try {
  ensureInstalled();
  step('type check', ['run', '--silent', 'typecheck']);
  step('lint', ['run', '--silent', 'lint']);
  step('unit tests', ['run', '--silent', 'unit']);
  step('build', ['run', '--silent', 'build']);
  ensureFfmpeg();
  const [storiesPort] = await freePorts(1);
  ensureChromium();
  ensureHeadlessShell();
  step('stories', ['run', '--silent', 'storybook:build']);
  step('pictures of the stories, and axe', ['run', '--silent', 'stories'], {
    ...process.env,
    VODROP_STORIES_PORT: String(storiesPort),
  });
  step('end-to-end tests', ['run', '--silent', 'e2e']);
  inFirefox();
  step('a short soak', ['run', '--silent', 'soak', '--', '--minutes', '0.7', '--seed', '1']);
  const skipped = await againstCeph();
  console.log(
    skipped
      ? `\nall checks passed, but none was made against a real store: ${skipped}`
      : '\nall checks passed',
  );
} catch (error) {
  console.error(`\nvodrop: ${error instanceof Error ? error.message : error}`);
  process.exit(1);
}

function step(title, args, env = process.env) {
  console.log(`\n— ${title}`);
  run('npm', args, { env });
}

/** The main job and the reload in the stock Firefox, where there is one. */
function inFirefox() {
  if (!process.env.VODROP_FIREFOX && !existsSync('/usr/bin/firefox-esr')) {
    console.log('\n— Firefox\nskipped: there is no /usr/bin/firefox-esr, and VODROP_FIREFOX names no other');
    return;
  }
  step('Firefox', ['run', '--silent', 'e2e:browsers', '--', '--project', 'firefox']);
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
    run('npx', ['vitest', 'run', 'src/server/providers/s3/live.test.ts'], {
      env: { ...process.env, ...env },
    });
    run('npx', ['playwright', 'test', '--config', 'e2e/ceph.config.ts'], { env: { ...process.env, ...env } });
  } finally {
    stop();
  }
}
