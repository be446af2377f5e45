import MiniSearch from 'minisearch';
import { expect, it } from 'vitest';
import { sectionsOf } from './search-sections.mjs';

const sections = sectionsOf();
const index = new MiniSearch({
  fields: ['heading', 'page', 'text'],
  storeFields: ['page', 'heading', 'href'],
});
index.addAll(sections);

it('gives the search of the documentation every guide, with text and with an address of its own', () => {
  const pages = new Set(sections.map(({ page }) => page));
  for (const page of ['Resume', 'Security', 'Getting started', 'Content Security Policy'])
    expect(pages).toContain(page);
  expect(new Set(sections.map(({ href }) => href)).size).toBe(sections.length);
  expect(sections.filter(({ text }) => text.length > 40).length).toBeGreaterThan(sections.length / 2);
});

it('lets the search find words that stand in no title, and code', () => {
  const found = (words) => index.search(words, { combineWith: 'AND', prefix: true }).map(({ page }) => page);
  expect(found('private window')).not.toEqual([]);
  expect(found('keepFilesMaxSize')).toContain('Resume');
  expect(found('createTokenEndpoint authorize')).toContain('Getting started');
});

it('leaves imports, marks and addresses of links out of the text that is searched', () => {
  const text = sections.map((section) => section.text).join(' ');
  expect(text).not.toContain('@storybook/addon-docs');
  expect(text).not.toContain('?path=');
});
