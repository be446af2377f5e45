// Builds the stories and compares each with its picture; `--update` replaces the pictures instead.
import { parseArgs } from 'node:util';
import { ensureChromium, ensureFfmpeg, ensurePictureFonts } from './browser.mjs';
import { ensureInstalled, run } from './install.mjs';
import { freePorts } from './ports.mjs';

const { values, positionals } = parseArgs({
  options: { update: { type: 'boolean' } },
  allowPositionals: true,
});

try {
  ensureInstalled();
  ensureFfmpeg();
  ensureChromium();
  if (values.update) ensurePictureFonts();
  const [port] = await freePorts(1);
  const env = {
    ...process.env,
    VODROP_STORIES_PORT: String(port),
    VODROP_UPDATE_PICTURES: values.update ? '1' : process.env.VODROP_UPDATE_PICTURES,
  };
  run('npx', [
    'storybook',
    'build',
    '--config-dir',
    'storybook',
    '--output-dir',
    'storybook-static',
    '--quiet',
  ]);
  run('npx', ['playwright', 'test', '--config', 'e2e/stories.config.ts', ...positionals], { env });
} catch (error) {
  console.error(`vodrop: ${error instanceof Error ? error.message : error}`);
  process.exit(1);
}
