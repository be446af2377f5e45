import { existsSync } from 'node:fs';

const named = process.env['VODROP_CHROMIUM'];
const debian = '/usr/bin/chromium';
const debianShell = '/usr/bin/chromium-headless-shell';

/** The whole browser, with windows, profiles and questions to the person; Playwright's own where there is no other. */
export const wholeChromium = named || (existsSync(debian) ? debian : undefined);

/** The same engine without windows, at two thirds of the work, where it is installed. */
export const chromiumPath = named || (existsSync(debianShell) ? debianShell : wholeChromium);

/** The network of a test machine is closed, and it may run as root. */
export const chromiumArgs = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
