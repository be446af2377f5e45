// Finds or installs the programs for the end-to-end tests: a Chromium, and ffmpeg, which generates the videos.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { run } from './install.mjs';

const debianChromium = '/usr/bin/chromium';
const debianFirefox = '/usr/bin/firefox-esr';
const debianShell = '/usr/bin/chromium-headless-shell';

/** The path of the Chromium to launch, or undefined if Playwright launches its own. */
export function ensureChromium() {
  const chosen = process.env.VODROP_CHROMIUM;
  if (chosen) return chosen;
  if (!existsSync(debianChromium) && canApt()) apt(['chromium', 'fonts-dejavu-core']);
  if (existsSync(debianChromium)) return debianChromium;
  run('npx', ['playwright', 'install', 'chromium']);
  return undefined;
}

/** Installs the headless shell of the same Chromium (optional: less CPU time). Playwright's Chromium includes one. */
export function ensureHeadlessShell() {
  if (process.env.VODROP_CHROMIUM || !existsSync(debianChromium) || existsSync(debianShell) || !canApt())
    return;
  try {
    apt(['chromium-headless-shell']);
  } catch {
    console.log('the headless shell is not available; the tests use the full browser');
  }
}

/** Installs the stock Firefox where possible. Returns the reason why there is none, or undefined. */
export function ensureFirefox() {
  if (process.env.VODROP_FIREFOX || existsSync(debianFirefox)) return undefined;
  if (!canApt()) return `there is no ${debianFirefox}, and VODROP_FIREFOX is not set`;
  apt(['firefox-esr']);
  return existsSync(debianFirefox) ? undefined : 'firefox-esr cannot be installed here';
}

export function ensureFfmpeg() {
  if (hasCommand('ffmpeg')) return;
  if (canApt()) apt(['ffmpeg']);
  if (!hasCommand('ffmpeg'))
    throw new Error('the end-to-end tests generate their videos with ffmpeg: install it and run again');
}

/** The stories have names in Chinese, Japanese and Korean; without a font their pictures would show empty boxes. */
export function ensurePictureFonts() {
  const hasFont = () => spawnSync('fc-list', [':lang=zh'], { encoding: 'utf8' }).stdout?.trim();
  if (!hasFont() && canApt()) apt(['fonts-noto-cjk']);
  if (!hasFont())
    throw new Error('pictures need a font for Chinese, as fonts-noto-cjk: install it and run again');
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
