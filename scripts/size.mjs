// Measures the bytes that a page loads, minified and gzipped, without React, which the host provides. What is used of
// react-query counts: not every host has it.
import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { build } from 'vite';
import { root } from './install.mjs';

const external = [/^react($|\/)/, /^react-dom($|\/)/];
const languages = readdirSync(path.join(root, 'src/react/locales'))
  .filter((file) => file.endsWith('.ts'))
  .map((file) => path.parse(file).name);
/** The chunks that a page requests for one upload, beside its own; `e2e/loaded.spec.ts` compares them with a browser. */
const ofPlainUpload = new Set(JSON.parse(readFileSync(path.join(root, 'scripts/plain-upload.json'), 'utf8')));

/** The size limits in bytes after gzip -9. */
const budgets = {
  engine: 14_000,
  'widget with styles': 37_000,
  worker: 10_500,
  'script tag, with React': 115_000,
  'largest language': 6_400,
  'one upload, beside it': 66_000,
};

export async function checkSizes() {
  const engine = await bundle('dist/engine.js');
  const widget = await bundle('dist/index.js');
  const styles = gzip(readFileSync(path.join(root, 'dist/styles.css')));
  const sizes = {
    engine: engine.first,
    'widget with styles': widget.first + styles,
    worker: gzip(readFileSync(path.join(root, 'dist/part-worker.js'))),
    'script tag, with React': standaloneSize(),
    'largest language': Math.max(
      ...(await Promise.all(
        languages
          .filter((name) => name !== 'en')
          .map(async (name) => (await bundle(`dist/locales/${name}.js`)).first),
      )),
    ),
    'one upload, beside it': widget.later,
  };
  console.log('\nsizes, minified and gzipped:');
  let isOver = false;
  for (const [name, bytes] of Object.entries(sizes)) {
    const budget = budgets[name];
    const mark = bytes > budget ? '  OVER BUDGET' : '';
    console.log(`  ${name.padEnd(23)} ${kB(bytes)} of ${budget / 1000} kB${mark}`);
    isOver ||= bytes > budget;
  }
  if (isOver) throw new Error('a size exceeds its budget');
}

/** Bundles one entry and measures the bytes loaded with it, and those that one upload loads beside them. */
async function bundle(entry) {
  const result = await build({
    configFile: false,
    root,
    logLevel: 'silent',
    define: { 'process.env.NODE_ENV': '"production"' },
    build: {
      write: false,
      minify: true,
      target: 'es2022',
      rollupOptions: { input: path.join(root, entry), external, preserveEntrySignatures: 'strict' },
      modulePreload: false,
    },
  });
  const { output } = Array.isArray(result) ? result[0] : result;
  // The preload helper belongs to Vite: a page loads it once for all dynamic imports.
  const chunks = output.filter((chunk) => chunk.type === 'chunk' && !chunk.name.startsWith('preload-helper'));
  const entryChunk = chunks.find((chunk) => chunk.isEntry);
  const first = closure([entryChunk], chunks, ({ imports }) => imports);
  const later = chunks.filter((chunk) => ofPlainUpload.has(nameOf(chunk)) && !first.has(chunk));
  return { first: sum(first), later: sum(later) };
}

/** `first-file` of `assets/first-file-fOAnmjUp-DgL7Al30.js`: the package and the host have each added a hash. */
function nameOf({ fileName }) {
  return path.basename(fileName).replace(/(-[\w-]{8}){1,2}\.js$/, '');
}

/** The one file of the script tag and what it imports at once; it is minified already. */
function standaloneSize() {
  const folder = path.join(root, 'dist/cdn');
  const files = new Set([path.join(folder, 'vodrop.js')]);
  let bytes = 0;
  for (const file of files) {
    const code = readFileSync(file, 'utf8');
    bytes += gzip(code);
    for (const [, from] of code.matchAll(
      /(?:^|[;}\s])(?:import|export)\s*(?:[\w*{][^"';]*?from\s*)?["'](\.[^"']+)["']/g,
    ))
      files.add(path.resolve(path.dirname(file), from));
  }
  return bytes;
}

function closure(start, chunks, follow) {
  const found = new Set(start);
  for (const chunk of found) {
    for (const file of follow(chunk)) {
      const next = chunks.find(({ fileName }) => fileName === file);
      if (next) found.add(next);
    }
  }
  return found;
}

function sum(chunks) {
  return [...chunks].reduce((bytes, { code }) => bytes + gzip(code), 0);
}

function gzip(content) {
  return gzipSync(content, { level: 9 }).length;
}

function kB(bytes) {
  return `${(bytes / 1000).toFixed(2).padStart(6)} kB`;
}
