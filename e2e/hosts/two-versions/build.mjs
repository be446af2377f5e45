import { copyFileSync, cpSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { build } from 'esbuild';

// The next version of the package, whose tabs speak another protocol, as a release may bring it.
const next = 'node_modules/vodrop-next';
rmSync(next, { recursive: true, force: true });
cpSync('node_modules/vodrop', next, { recursive: true });
rewrite(['package.json'], '"version": "0.1.0"', '"version": "9.0.0"');
const code = readdirSync(path.join(next, 'dist'), { recursive: true }).filter((name) =>
  /^(engine|chunks.(engine|first-file)-[^/]*)\.js$/.test(name),
);
const files = code.map((name) => path.join('dist', name));
rewrite(files, '`vodrop/1/', '`vodrop/9/');
rewrite(files, 'version: 1\n', 'version: 9\n');
rewrite(files, 'version: 1,\n', 'version: 9,\n');
rewrite(files, 'version = 1,', 'version = 9,');
rewrite(files, '["version"] !== 1', '["version"] !== 9');

function rewrite(names, before, after) {
  let count = 0;
  for (const name of names) {
    const file = path.join(next, name);
    const [first, ...rest] = readFileSync(file, 'utf8').split(before);
    count += rest.length;
    writeFileSync(file, [first, ...rest].join(after));
  }
  if (count === 0) throw new Error(`the package has no ${before}`);
}

await build({
  entryPoints: ['main.js'],
  bundle: true,
  splitting: true,
  format: 'esm',
  outdir: 'dist',
  chunkNames: 'chunks/[name]-[hash]',
  define: { 'process.env.NODE_ENV': '"production"' },
});
copyFileSync('node_modules/vodrop/dist/part-worker.js', 'dist/part-worker.js');
copyFileSync('index.html', 'dist/index.html');
