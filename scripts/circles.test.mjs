import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import ts from 'typescript';
import { expect, it } from 'vitest';

const folders = ['src', 'e2e', 'storybook', 'scripts'];
const endings = ['', '.ts', '.tsx', '/index.ts'];

/** Every source file, tests left out, with the files that it imports: values, types and what it loads later. */
function readImports() {
  const files = folders
    .flatMap((folder) => readdirSync(folder, { recursive: true }).map((name) => join(folder, name)))
    .filter((name) => /\.(tsx?|mjs)$/.test(name) && !/\.test\.|node_modules/.test(name));
  const known = new Set(files);
  const resolve = (from, specifier) =>
    endings
      .map((ending) => join(dirname(from), specifier).replace(/\.js$/, '') + ending)
      .find((file) => known.has(file));
  return new Map(
    files.map((file) => {
      const { importedFiles } = ts.preProcessFile(readFileSync(file, 'utf8'));
      const relative = importedFiles.map(({ fileName }) => fileName).filter((name) => name.startsWith('.'));
      return [
        file,
        relative.map((specifier) => resolve(file, specifier)).filter((found) => found !== undefined),
      ];
    }),
  );
}

/** The files of one circle, from a file back to itself, or nothing. */
function findCircle(imports) {
  const done = new Set();
  const visit = (file, path) => {
    const start = path.indexOf(file);
    if (start >= 0) return [...path.slice(start), file];
    if (done.has(file)) return undefined;
    for (const next of imports.get(file)) {
      const circle = visit(next, [...path, file]);
      if (circle) return circle;
    }
    done.add(file);
    return undefined;
  };
  for (const file of imports.keys()) {
    const circle = visit(file, []);
    if (circle) return circle;
  }
  return undefined;
}

it('finds no file that imports itself through others, types and lazy imports included', () => {
  expect(findCircle(readImports())).toBeUndefined();
});

it('finds a circle through a lazy import', () => {
  const imports = new Map([
    ['a.ts', ['b.ts']],
    ['b.ts', ['c.ts']],
    ['c.ts', ['b.ts']],
  ]);
  expect(findCircle(imports)).toEqual(['b.ts', 'c.ts', 'b.ts']);
});
