import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect, it, onTestFinished } from 'vitest';
import { root } from './install.mjs';
import { absolute, linksOf, relative } from './readme.mjs';

const npm = promisify(execFile);
const manifest = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
const readme = readFileSync(path.join(root, 'README.md'), 'utf8');

it('gives every link and picture of the README an absolute address, and takes it back', () => {
  const packed = absolute(readme, manifest);
  expect(linksOf(readme).length).toBeGreaterThan(35);
  expect(linksOf(packed)).toHaveLength(linksOf(readme).length);
  expect(linksOf(packed).filter(({ target }) => !/^(https:\/\/|#)/.test(target))).toEqual([]);
  expect(absolute(packed, manifest)).toBe(packed);
  expect(relative(packed, manifest)).toBe(readme);
});

it('keeps the README in the repository relative: its pictures show before a version is published', () => {
  expect(relative(readme, manifest)).toBe(readme);
});

it('leaves code, anchors and absolute addresses as they are', () => {
  const text =
    '[a](https://a.example) [b](#b)\n```js\nlist[0](guide.mdx);\n```\n[c](guide.mdx#d) ![e](g.png)\n';
  expect(absolute(text, { name: 'p', version: '1.2.3' })).toBe(
    '[a](https://a.example) [b](#b)\n```js\nlist[0](guide.mdx);\n```\n' +
      '[c](https://app.unpkg.com/p@1.2.3/files/guide.mdx#d) ![e](https://cdn.jsdelivr.net/npm/p@1.2.3/g.png)\n',
  );
});

/** A package with a README and the scripts of this one, a registry on this machine, and what it was sent. */
async function aPackage() {
  const folder = mkdtempSync(path.join(tmpdir(), 'vodrop-readme-'));
  const sent = [];
  const registry = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    if (request.method === 'PUT') sent.push(JSON.parse(body));
    response
      .writeHead(request.method === 'PUT' ? 201 : 404, { 'content-type': 'application/json' })
      .end('{}');
  });
  await new Promise((resolve) => registry.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    registry.closeAllConnections();
    registry.close();
    rmSync(folder, { recursive: true, force: true });
  });
  const { prepack, postpack, postpublish } = manifest.scripts;
  const scripts = { prepack, postpack, postpublish };
  const write = (name, value) => writeFileSync(path.join(folder, name), value);
  write(
    'package.json',
    JSON.stringify({ name: 'vodrop-readme-test', version: '1.0.0', files: ['guide.mdx'], scripts }),
  );
  write('README.md', '[Guide](guide.mdx)');
  write('guide.mdx', '');
  cpSync(path.join(root, 'scripts/readme.mjs'), path.join(folder, 'scripts/readme.mjs'));
  const address = `127.0.0.1:${registry.address().port}/`;
  return {
    sent,
    readme: () => readFileSync(path.join(folder, 'README.md'), 'utf8'),
    npm: (...args) =>
      npm('npm', [...args, '--registry', `http://${address}`, `--//${address}:_authToken=none`], {
        cwd: folder,
      }),
    unpack: async (file) =>
      (await npm('tar', ['-xzf', file, '-O', 'package/README.md'], { cwd: folder })).stdout,
  };
}

const absoluteLink = '[Guide](https://app.unpkg.com/vodrop-readme-test@1.0.0/files/guide.mdx)';

it(
  'packs a README with absolute addresses, and leaves the relative one in the folder',
  { timeout: 60_000 },
  async () => {
    const one = await aPackage();
    await one.npm('pack');
    expect(await one.unpack('vodrop-readme-test-1.0.0.tgz')).toBe(absoluteLink);
    expect(one.readme()).toBe('[Guide](guide.mdx)');
  },
);

it(
  'publishes a README with absolute addresses, in the package and to the registry',
  { timeout: 60_000 },
  async () => {
    const one = await aPackage();
    await one.npm('publish');
    expect(one.sent[0].versions['1.0.0'].readme).toBe(absoluteLink);
    expect(one.readme()).toBe('[Guide](guide.mdx)');
  },
);
