// Checks the packed package as its consumers resolve it: bundlers and Node (publint), TypeScript (attw), and a project
// that compiles with the strictest options of TypeScript (scripts/consumer).
// Needs `npm run build` first. `npm publish` runs it, too.
import { cpSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { execFileSync } from 'node:child_process';
import GithubSlugger from 'github-slugger';
import ts from 'typescript';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { root, run } from './install.mjs';
import { addressesOf, linksOf } from './readme.mjs';

const manifest = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));

const folder = mkdtempSync(path.join(tmpdir(), 'vodrop-pack-'));
try {
  // With its scripts, which give the README absolute addresses; what they say stays out of the JSON.
  const options = ['--json', '--foreground-scripts=false', '--pack-destination', folder];
  const packed = execFileSync('npm', ['pack', ...options], {
    cwd: root,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const [entry] = Object.values(JSON.parse(packed));
  const tarball = path.join(folder, entry.filename);
  const internal = entry.files.filter(({ path: file }) =>
    /^dist.*(test-support|contract-suite|fake-provider|simulation|\.test\.|demo|\.map$)/.test(file),
  );
  if (internal.length > 0)
    throw new Error(`the package has internals: ${internal.map(({ path: file }) => file).join(', ')}`);
  const bytes = readFileSync(tarball);
  const { messages, pkg } = await publint({
    pack: { tarball: bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) },
    strict: true,
  });
  for (const message of messages) console.error(`publint: ${formatMessage(message, pkg)}`);
  if (messages.length > 0) throw new Error('publint reports problems in the package');
  // The package has ES modules only; the style sheet is not a module.
  run('npx', [
    'attw',
    tarball,
    '--profile',
    'esm-only',
    '--exclude-entrypoints',
    './styles.css',
    './openapi.json',
    '--format',
    'ascii',
  ]);
  checkImports();
  checkLinks(tarball, new Set(entry.files.map(({ path: file }) => file)));
  compileConsumer(tarball);
  console.log(`package: ${entry.entryCount} files, ${(entry.size / 1e6).toFixed(2)} MB packed`);
} catch (error) {
  console.error(`vodrop: ${error instanceof Error ? error.message : error}`);
  process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/**
 * Everything that the package imports is inside, or comes with its install. The folder below, where the consumer is
 * compiled, has the packages of this repository, too, and would not notice.
 */
function checkImports() {
  const allowed = new Set([
    ...['dependencies', 'optionalDependencies', 'peerDependencies'].flatMap((kind) =>
      Object.keys(manifest[kind]),
    ),
    // Each augments the types of a framework that its host has.
    ...['vue', 'svelte', 'solid-js', 'vodrop'],
  ]);
  const foreign = readdirSync(path.join(root, 'dist'), { recursive: true })
    .filter((name) => /\.(js|d\.ts)$/.test(name))
    .flatMap((name) => {
      const text = readFileSync(path.join(root, 'dist', name), 'utf8');
      return ts
        .preProcessFile(text, true, true)
        .importedFiles.map(({ fileName }) => fileName)
        .filter((from) => !/^(\.|node:)/.test(from))
        .filter((from) => !allowed.has(from.split('/', from.startsWith('@') ? 2 : 1).join('/')))
        .map((from) => `${name} imports ${from}`);
    });
  if (foreign.length > 0) throw new Error(`the install does not bring what ${foreign.join(', ')}`);
}

/**
 * npmjs.com shows the README without the files beside it: every link and picture has an absolute address, and those into
 * the package name a file of this version, and a heading that the file has.
 */
function checkLinks(tarball, files) {
  const readme = textIn(tarball, 'README.md');
  const links = linksOf(readme);
  if (links.length < 35) throw new Error(`only ${links.length} links were found in the README`);
  const { pictures, texts } = addressesOf(manifest);
  const wrong = links.filter(({ target, isPicture }) => {
    const [address, anchor] = target.split('#');
    const within = isPicture ? pictures : texts;
    if (address && !address.startsWith(within))
      return !/^https:/.test(address) || address.includes('vodrop@');
    const file = address ? address.slice(within.length) : 'README.md';
    return !files.has(file) || (anchor && !headingsOf(textIn(tarball, file)).has(anchor));
  });
  const elsewhere =
    readme.match(/\b(?:src|href)="(?!https:|\/vodrop\/)[^"]*"|^\[[^\]]+\]: (?!https:).*/gm) ?? [];
  const missing = [...wrong.map(({ target }) => target), ...elsewhere];
  if (missing.length > 0)
    throw new Error(`the README links to what the package lacks: ${missing.join(', ')}`);
}

function textIn(tarball, file) {
  return execFileSync('tar', ['-xzf', tarball, '-O', `package/${file}`], { encoding: 'utf8' });
}

/** The anchors of the headings, as GitHub and the documentation name them. */
function headingsOf(text) {
  const slugger = new GithubSlugger();
  return new Set(Array.from(text.matchAll(/^#+ (.+)$/gm), ([, heading]) => slugger.slug(heading)));
}

/** In a folder below node_modules, where the packages that the declarations import are found. */
function compileConsumer(tarball) {
  const consumer = mkdtempSync(path.join(root, 'node_modules', '.vodrop-consumer-'));
  try {
    cpSync(path.join(root, 'scripts/consumer'), consumer, { recursive: true });
    const installed = path.join(consumer, 'node_modules/vodrop');
    mkdirSync(installed, { recursive: true });
    run('tar', ['-xzf', tarball, '--strip-components=1', '-C', installed]);
    run('npx', ['tsc', '--project', consumer]);
    importEverything(consumer);
  } finally {
    rmSync(consumer, { recursive: true, force: true });
  }
}

/** Frameworks import modules while they build: without a document, and without the environment of production. */
function importEverything(consumer) {
  const names = ['', '/element', '/element/vue', '/engine', '/server', '/sandbox', '/testing', '/locales/de'];
  const script = `await Promise.all(${JSON.stringify(names)}.map((name) => import('vodrop' + name)))`;
  run(process.execPath, ['--input-type=module', '--eval', script], { cwd: consumer, env: {} });
}
