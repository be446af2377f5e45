// npm run soak [-- --minutes 10 --seed 7]
// Runs many uploads on all clouds of the sandbox under random faults, kills tabs and browsers, and counts the results.
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
  // The seed is printed first, so that a failed run can be repeated.
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
  throw new Error(`--${name} is "${text}", which is not a number above 0`);
}
