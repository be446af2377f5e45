// Collects the licenses of the packages that are bundled into the chunks, because hosts do not install these packages.
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { root } from './install.mjs';

/** Bundled into the worker, which is a build of its own. */
const inWorker = ['@noble/hashes', 'hash-wasm'];

/** `outputs` are those of Vite's builds. */
export function writeNotices(outputs) {
  const ids = outputs.flatMap(({ output }) => output.flatMap(({ moduleIds = [] }) => moduleIds));
  const found = ids.flatMap((id) => /.*node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(id)?.[1] ?? []);
  const packages = [...new Set([...inWorker, ...found])].sort();
  const notices = packages.map((name) => {
    const folder = path.join(root, 'node_modules', name);
    const { version, license, author, repository } = JSON.parse(
      readFileSync(path.join(folder, 'package.json'), 'utf8'),
    );
    const source = (typeof repository === 'string' ? repository : repository.url).replace(/^git\+/, '');
    const file = readdirSync(folder).find((entry) => /^licen[cs]e(\.|$)/i.test(entry));
    if (!file && !license) throw new Error(`${name} states no license`);
    const text = file
      ? readFileSync(path.join(folder, file), 'utf8').trim()
      : `The package has no license file; its package.json states ${license}, by ${author?.name ?? author}.`;
    return `${name} ${version} (${license})\nSource: ${source}\n\n${text}\n`;
  });
  writeFileSync(
    path.join(root, 'dist/THIRD-PARTY-NOTICES.txt'),
    'Parts of these packages are included in the modules of this package, in dist/part-worker.js, or in dist/cdn.\n\n' +
      notices.join('\n----\n\n'),
  );
}
