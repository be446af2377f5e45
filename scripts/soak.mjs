// npm run soak [-- --minutes 10 --seed 7]
// Many uploads on all clouds of the sandbox through bad weather, with tabs and browsers killed; then a count.
import { parseArgs } from 'node:util';
import { ensureChromium } from './browser.mjs';
import { ensureInstalled, run } from './install.mjs';

try {
  const { values } = parseArgs({
    options: {
      minutes: { type: 'string', default: '5' },
      seed: { type: 'string', default: String(Math.floor(Math.random() * 1e6)) },
    },
  });
  const [minutes, seed] = [readNumber('minutes', values.minutes), readNumber('seed', values.seed)];
  ensureInstalled();
  // The seed is said first: whatever happens, it can be had again.
  console.log(`soak of ${minutes} minutes, --seed ${seed}`);
  ensureChromium();
  run('npx', ['playwright', 'test', '--config', 'e2e/soak.config.ts'], {
    env: {
      ...process.env,
      VODROP_SOAK_MINUTES: String(minutes),
      VODROP_SOAK_SEED: String(seed),
    },
  });
} catch (error) {
  console.error(`vodrop: ${error instanceof Error ? error.message : error}`);
  process.exit(1);
}

function readNumber(name, text) {
  const number = Number(text);
  if (number > 0 && Number.isFinite(number)) return number;
  throw new Error(`--${name} is "${text}", which is no number above 0`);
}
