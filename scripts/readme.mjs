// Gives the README of a packed package absolute addresses: npmjs.com shows it without the files beside it, and the
// repository has no address that it could resolve relative ones against. In the repository they stay relative.
// `prepack` calls `--absolute`, `postpack` and `postpublish` call `--relative`.
import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';

/** Both serve the files of every published version, from the moment of its publication. */
export const addressesOf = ({ name, version }) => ({
  pictures: `https://cdn.jsdelivr.net/npm/${name}@${version}/`,
  // A page that shows the text: served as it is, browsers may save a guide (`.mdx`) instead.
  texts: `https://app.unpkg.com/${name}@${version}/files/`,
});

const fenced = /(^```.*?^```$)/ms;
const link = /(!?)\[([^[\]]*)\]\(([^)\s]+)\)/g;

/** The links and pictures outside blocks of code: where they lead, and whether they are pictures. */
export function linksOf(readme) {
  return outsideOfCode(readme).flatMap((text) =>
    Array.from(text.matchAll(link), ([, mark, , target]) => ({ target, isPicture: mark === '!' })),
  );
}

function outsideOfCode(readme) {
  return readme.split(fenced).filter((_, index) => index % 2 === 0);
}

export function absolute(readme, manifest) {
  const { pictures, texts } = addressesOf(manifest);
  return readme
    .split(fenced)
    .map((text, index) =>
      index % 2 === 1
        ? text
        : text.replaceAll(link, (all, mark, label, target) =>
            /^(https?:|#)/.test(target) ? all : `${mark}[${label}](${mark ? pictures : texts}${target})`,
          ),
    )
    .join('');
}

export function relative(readme, manifest) {
  const { pictures, texts } = addressesOf(manifest);
  return readme.replaceAll(pictures, '').replaceAll(texts, '');
}

if (process.argv[1] === import.meta.filename) {
  const { values: to } = parseArgs({
    options: { absolute: { type: 'boolean' }, relative: { type: 'boolean' } },
  });
  // After `postpack`, `npm publish` reads the README once more, for the registry: it stays absolute until `postpublish`.
  const isEarly = process.env.npm_command === 'publish' && process.env.npm_lifecycle_event === 'postpack';
  const manifest = JSON.parse(readFileSync('package.json', 'utf8'));
  const readme = readFileSync('README.md', 'utf8');
  if (to.absolute) writeFileSync('README.md', absolute(readme, manifest));
  else if (!isEarly) writeFileSync('README.md', relative(readme, manifest));
}
