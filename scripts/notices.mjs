// Collects the licenses of the packages that are bundled into the chunks, because hosts do not install these packages.
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { root } from './install.mjs';

const bundled = ['hash-wasm', 'mediabunny'];
/** In the build for the script tag only. */
const bundledForPages = [
  'react',
  'react-dom',
  'scheduler',
  '@tanstack/react-query',
  '@tanstack/query-core',
  'valibot',
  '@noble/hashes',
];

export function writeNotices() {
  const notices = [...bundled, ...bundledForPages].map((name) => {
    const folder = path.join(root, 'node_modules', name);
    const { version, license, repository } = JSON.parse(
      readFileSync(path.join(folder, 'package.json'), 'utf8'),
    );
    const source = (typeof repository === 'string' ? repository : repository.url).replace(/^git\+/, '');
    const text = readFileSync(path.join(folder, licenseFile(folder)), 'utf8').trim();
    return `${name} ${version} (${license})\nSource: ${source}\n\n${text}\n`;
  });
  writeFileSync(
    path.join(root, 'dist/THIRD-PARTY-NOTICES.txt'),
    `Parts of these packages are included in dist/chunks and dist/part-worker.js, or in dist/cdn.\n\n${notices.join('\n----\n\n')}`,
  );
}

function licenseFile(folder) {
  const file = readdirSync(folder).find((name) => /^licen[cs]e(\.|$)/i.test(name));
  if (!file) throw new Error(`${folder} has no license file`);
  return file;
}
