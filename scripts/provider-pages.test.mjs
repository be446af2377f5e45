import { readdirSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { root } from './install.mjs';
import { optionsOf, providerPage, providers } from './provider-pages.mjs';

it('makes a page for every provider of the server', () => {
  const folders = readdirSync(path.join(root, 'src/server/providers'), { withFileTypes: true })
    .filter((one) => one.isDirectory())
    .map(({ name }) => name);
  expect(folders.toSorted()).toEqual(providers.map(({ id }) => id).toSorted());
});

// A whole program is checked.
it('explains every option of every provider on its page', { timeout: 180_000 }, () => {
  for (const provider of providers) {
    const options = optionsOf(provider);
    expect(options.length).toBeGreaterThan(12);
    expect(options.filter(({ doc }) => !doc).map(({ name }) => `${provider.id}: ${name}`)).toEqual([]);
    const page = providerPage(provider);
    for (const { name } of options) expect(page).toMatch(new RegExp(`^\\| \`${name}\\??\` \\|`, 'm'));
  }
});
