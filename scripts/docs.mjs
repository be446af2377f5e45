// Builds the documentation, guides and stories with the API reference, as a static site, and serves it.
// `--build` only builds it, into storybook-static.
import { createReadStream, existsSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { ensureInstalled, root, run } from './install.mjs';

const types = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
};
const { values: only } = parseArgs({ options: { build: { type: 'boolean' } } });

ensureInstalled();
// It needs TypeScript, which may have been installed only now.
const { entries, referenceOf } = await import('./reference.mjs');
const { providerPage, providers } = await import('./provider-pages.mjs');
for (const entry of Object.keys(entries))
  writeFileSync(
    path.join(root, 'storybook/guides', `reference-${entry.replace('/', '-')}.mdx`),
    referenceOf(entry),
  );
for (const provider of providers)
  writeFileSync(path.join(root, 'storybook/guides', `provider-${provider.id}.mdx`), providerPage(provider));
const site = path.join(root, 'storybook-static');
run('npx', ['storybook', 'build', '--config-dir', 'storybook', '--output-dir', site, '--disable-telemetry']);
if (!only.build) serve();

function serve() {
  const port = Number(process.env.PORT || 6006);
  createServer((request, response) => {
    const { pathname } = new URL(request.url, 'http://site');
    const asked = path.join(site, path.normalize(decodeURIComponent(pathname)));
    const file = asked.endsWith(path.sep) ? path.join(asked, 'index.html') : asked;
    if (!existsSync(file) || !statSync(file).isFile()) return response.writeHead(404).end();
    response.writeHead(200, { 'content-type': types[path.extname(file)] ?? 'application/octet-stream' });
    createReadStream(file).pipe(response);
  }).listen(port, '127.0.0.1', () => console.log(`documentation: http://127.0.0.1:${port}/`));
}
