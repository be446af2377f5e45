// npm run cable
// Runs a browser behind its own virtual cable (a Linux network namespace, which needs root) and unplugs the cable during
// an upload.
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { ensureChromium, ensureFfmpeg } from './browser.mjs';
import { ensureInstalled, run } from './install.mjs';

const space = 'vodrop-cable';
const [near, far] = ['10.77.3.1', '10.77.3.2'];

const problem = cableProblem();
if (problem) {
  console.log(`skipped: ${problem}`);
  process.exit(0);
}
const directory = mkdtempSync(path.join(os.tmpdir(), 'vodrop-cable-'));
try {
  ensureInstalled();
  ensureFfmpeg();
  const chromium = ensureChromium() || '/usr/bin/chromium';
  layCable();
  // The browser runs at the near end. Pipes drive it, so the network namespace does not affect the control connection.
  const wrapper = path.join(directory, 'chromium');
  writeFileSync(wrapper, `#!/bin/sh\nexec ip netns exec ${space} ${chromium} "$@"\n`);
  chmodSync(wrapper, 0o755);
  run('npx', ['playwright', 'test', '--config', 'e2e/cable.config.ts'], {
    env: { ...process.env, VODROP_CHROMIUM: wrapper, VODROP_CABLE: space, VODROP_CABLE_FAR: far },
  });
} catch (error) {
  console.error(`vodrop: ${error instanceof Error ? error.message : error}`);
  process.exitCode = 1;
} finally {
  spawnSync('ip', ['netns', 'del', space]);
  rmSync(directory, { recursive: true, force: true });
}

function cableProblem() {
  if (process.platform !== 'linux' || process.getuid?.() !== 0)
    return 'network namespaces take Linux and root';
  if (spawnSync('ip', ['netns', 'add', space]).status !== 0)
    return 'this machine makes no network namespaces';
  return undefined;
}

function layCable() {
  ip('link', 'add', 'vd-far', 'type', 'veth', 'peer', 'name', 'vd-near', 'netns', space);
  ip('addr', 'add', `${far}/30`, 'dev', 'vd-far');
  ip('link', 'set', 'vd-far', 'up');
  ip('-n', space, 'addr', 'add', `${near}/30`, 'dev', 'vd-near');
  ip('-n', space, 'link', 'set', 'lo', 'up');
  ip('-n', space, 'link', 'set', 'vd-near', 'up');
}

function ip(...args) {
  run('ip', args);
}
