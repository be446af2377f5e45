// Finds or installs what the end-to-end tests drive: a Chromium, and ffmpeg to make the videos they send.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { run } from './install.mjs';

const debianChromium = '/usr/bin/chromium';
const debianFirefox = '/usr/bin/firefox-esr';
const debianShell = '/usr/bin/chromium-headless-shell';

/** Path of a Chromium to launch, or undefined to let Playwright launch its own. */
export function ensureChromium() {
  const chosen = process.env.VODROP_CHROMIUM;
  if (chosen) return chosen;
  if (!existsSync(debianChromium) && canApt()) apt(['chromium', 'fonts-dejavu-core']);
  if (existsSync(debianChromium)) return debianChromium;
  run('npx', ['playwright', 'install', 'chromium']);
  return undefined;
}

/** The same Chromium without its windows: lighter, and not needed. Playwright's own comes with one. */
export function ensureHeadlessShell() {
  if (process.env.VODROP_CHROMIUM || !existsSync(debianChromium) || existsSync(debianShell) || !canApt())
    return;
  try {
    apt(['chromium-headless-shell']);
  } catch {
    console.log('there is none; the whole browser will do');
  }
}

/** Why there is no stock Firefox to test in, or undefined where there is one now. */
export function ensureFirefox() {
  if (process.env.VODROP_FIREFOX || existsSync(debianFirefox)) return undefined;
  if (!canApt()) return `there is no ${debianFirefox}, and VODROP_FIREFOX names no other`;
  apt(['firefox-esr']);
  return existsSync(debianFirefox) ? undefined : 'firefox-esr cannot be installed here';
}

export function ensureFfmpeg() {
  if (hasCommand('ffmpeg')) return;
  if (canApt()) apt(['ffmpeg']);
  if (!hasCommand('ffmpeg'))
    throw new Error('the end-to-end tests make their videos with ffmpeg: install it and run again');
}

export function hasCommand(name, argument = '-version') {
  return spawnSync(name, [argument], { stdio: 'ignore' }).error === undefined;
}

export function canApt() {
  return process.platform === 'linux' && existsSync('/usr/bin/apt-get') && process.getuid?.() === 0;
}

export function apt(packages) {
  console.log(`installing ${packages.join(', ')} …`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  run('apt-get', ['-o', 'DPkg::Lock::Timeout=300', 'update', '-qq'], { env });
  run(
    'apt-get',
    ['-o', 'DPkg::Lock::Timeout=300', 'install', '-y', '-qq', '--no-install-recommends', ...packages],
    { env, stdio: ['ignore', 'ignore', 'inherit'] },
  );
}
