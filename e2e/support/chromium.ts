import { existsSync } from 'node:fs';

const named = process.env['VODROP_CHROMIUM'];
const debian = '/usr/bin/chromium';
const debianShell = '/usr/bin/chromium-headless-shell';

/** The full browser, with windows, profiles and permission prompts; Playwright's own if no other is installed. */
export const wholeChromium = named || (existsSync(debian) ? debian : undefined);

/** The headless shell of the same engine, which needs two thirds of the CPU time, if it is installed. */
export const chromiumPath = named || (existsSync(debianShell) ? debianShell : wholeChromium);

/** Flags for test machines: they have no access to the internet, and the tests may run as root. */
export const chromiumArgs = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
