import { copyFileSync } from 'node:fs';
import { build } from 'esbuild';

await build({
  entryPoints: ['main.js'],
  bundle: true,
  splitting: true,
  format: 'esm',
  minify: true,
  outdir: 'dist',
  chunkNames: 'chunks/[name]-[hash]',
  define: { 'process.env.NODE_ENV': '"production"' },
});
// esbuild does not follow `new URL('./x', import.meta.url)`: the worker is copied beside the folder of the chunks.
copyFileSync('node_modules/vodrop/dist/part-worker.js', 'dist/part-worker.js');
copyFileSync('index.html', 'dist/index.html');
