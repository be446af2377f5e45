// The sections of the guides as text, for the search of the documentation.
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import GithubSlugger from 'github-slugger';
import { root } from './install.mjs';

/**
 * Every section of every page in the folder: `{ id, page, heading, text, href }`. The address is the one of Storybook,
 * the fragment the one that its compiler gives the heading.
 */
export function sectionsOf(folder = path.join(root, 'storybook/guides')) {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.mdx'))
    .sort()
    .flatMap((name) => sectionsOfPage(readFileSync(path.join(folder, name), 'utf8'), name));
}

function sectionsOfPage(source, name) {
  const title = /<Meta title="([^"]+)"/.exec(source)?.[1];
  if (!title) throw new Error(`${name} has no <Meta title>`);
  const page = title.split('/').at(-1);
  const address = `./?path=/docs/${storyId(title)}--docs`;
  const slugger = new GithubSlugger();
  const sections = [];
  let isCode = false;
  for (const line of source.split('\n')) {
    if (line.startsWith('```')) isCode = !isCode;
    const heading = isCode ? undefined : /^#{1,6} (.+)$/.exec(line)?.[1];
    if (heading) {
      const shown = plain(heading);
      sections.push({ page, heading: shown, href: `${address}#${slugger.slug(shown)}`, lines: [] });
    } else if (isCode || !/^(import|export) |^<\/?[A-Z]/.test(line)) sections.at(-1)?.lines.push(line);
  }
  return sections.map(({ lines, ...section }, index) => ({
    id: `${name} ${index}`,
    ...section,
    text: plain(lines.filter((line) => !line.startsWith('```')).join(' ')),
  }));
}

/** As Storybook makes it of a title. */
function storyId(title) {
  return title
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '');
}

/** The text that a reader sees: no marks, no addresses of links, no rules of tables. */
function plain(markdown) {
  return markdown
    .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(/\|[\s:|-]+\|/g, ' ')
    .replace(/[*`|]/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
}
