// What a page has to load, minified and gzipped, with React and react-query left out as the host has them anyway.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { build } from 'vite';
import { root } from './install.mjs';

const external = [/^react($|\/)/, /^react-dom($|\/)/, /^@tanstack\//];

/** Bytes after gzip -9. */
const budgets = {
  engine: 14_000,
  'widget with styles': 46_000,
  worker: 10_000,
};

export async function checkSizes() {
  const engine = await bundle('dist/engine.js');
  const widget = await bundle('dist/index.js');
  const sizes = {
    engine: engine,
    'widget with styles': widget + gzip(readFileSync(path.join(root, 'dist/styles.css'))),
    worker: gzip(readFileSync(path.join(root, 'dist/part-worker.js'))),
  };
  console.log('\nsizes, minified and gzipped:');
  let isOver = false;
  for (const [name, bytes] of Object.entries(sizes)) {
    const budget = budgets[name];
    const mark = bytes > budget ? '  OVER BUDGET' : '';
    console.log(`  ${name.padEnd(20)} ${(bytes / 1000).toFixed(2).padStart(6)} kB of ${budget / 1000} kB${mark}`);
    isOver ||= bytes > budget;
  }
  if (isOver) throw new Error('a size budget is broken');
}

/** What a bundler makes of one entry: everything loaded at once, nothing that is loaded later. */
async function bundle(entry) {
  const result = await build({
    configFile: false,
    root,
    logLevel: 'silent',
    define: { 'process.env.NODE_ENV': '"production"' },
    build: { write: false, minify: true, target: 'es2022', rollupOptions: { input: path.join(root, entry), external, preserveEntrySignatures: 'strict' }, modulePreload: false },
  });
  const { output } = Array.isArray(result) ? result[0] : result;
  const entryChunk = output.find((chunk) => chunk.type === 'chunk' && chunk.isEntry);
  const needed = new Set([entryChunk.fileName]);
  for (const name of needed) output.find((chunk) => chunk.fileName === name)?.imports?.forEach((file) => needed.add(file));
  return output.filter((chunk) => chunk.type === 'chunk' && needed.has(chunk.fileName)).reduce((sum, chunk) => sum + gzip(chunk.code), 0);
}

function gzip(content) {
  return gzipSync(content, { level: 9 }).length;
}
