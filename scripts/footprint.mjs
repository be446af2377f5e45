// Measures what an install of the packed package weighs for each kind of user, in empty folders, and that each can import what
// it uses. Fails if the table of the guide about installing says less; `--write` renews the table. Needs `npm run build` first.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { root } from './install.mjs';

const guide = path.join(root, 'storybook/guides/installing.mdx');
const kinds = [
  { who: 'React', args: 'react react-dom', imports: ['vodrop', 'vodrop/element', 'vodrop/server'] },
  { who: 'Element', args: '--omit=optional', imports: ['vodrop/element/standalone'] },
  { who: 'Headless engine', args: '--omit=optional', imports: ['vodrop/engine'] },
  { who: 'Backend', args: '--omit=optional', imports: ['vodrop/server', 'vodrop/sandbox', 'vodrop/testing'] },
];
const { values } = parseArgs({ options: { write: { type: 'boolean' } } });

const folder = mkdtempSync(path.join(tmpdir(), 'vodrop-footprint-'));
try {
  const tarball = pack();
  const measured = new Map();
  const rows = kinds.map(({ who, args, imports }) => {
    if (!measured.has(args)) measured.set(args, install(tarball, args));
    const { place, bytes, files, packages } = measured.get(args);
    const script = `await Promise.all(${JSON.stringify(imports)}.map((name) => import(name)))`;
    execFileSync(process.execPath, ['--input-type=module', '--eval', script], { cwd: place, env: {} });
    return { who, line: `npm i vodrop ${args}`, megabytes: bytes / 1e6, files, packages };
  });
  const before = readFileSync(guide, 'utf8');
  const table = rows.map(
    ({ who, line, megabytes, files, packages }) =>
      `| ${who} | \`${line}\` | ${megabytes.toFixed(1)} | ${files} | ${packages} |`,
  );
  console.log(table.join('\n'));
  if (values.write) writeFileSync(guide, withTable(before, table));
  else compare(before, rows);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function pack() {
  const packed = execFileSync('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', folder], {
    cwd: root,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const [entry] = Object.values(JSON.parse(packed));
  return path.join(folder, entry.filename);
}

function install(tarball, args) {
  const place = mkdtempSync(path.join(folder, 'host-'));
  writeFileSync(path.join(place, 'package.json'), '{ "private": true, "type": "module" }\n');
  execFileSync('npm', ['install', '--no-audit', '--no-fund', tarball, ...args.split(' ')], {
    cwd: place,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const modules = path.join(place, 'node_modules');
  const files = readdirSync(modules, { recursive: true })
    .map((name) => statSync(path.join(modules, name)))
    .filter((one) => one.isFile());
  const { packages } = JSON.parse(readFileSync(path.join(modules, '.package-lock.json'), 'utf8'));
  return {
    place,
    bytes: files.reduce((sum, { size }) => sum + size, 0),
    files: files.length,
    packages: Object.keys(packages).length,
  };
}

function withTable(text, table) {
  return text.replace(
    /(\|---\|---\|---:\|---:\|---:\|\n)(?:\|.*\n)*/,
    (_all, head) => `${head}${table.join('\n')}\n`,
  );
}

/** A dependency more is a decision, which belongs into the guide. */
function compare(text, rows) {
  for (const { who, megabytes, packages } of rows) {
    const [, said, count] =
      new RegExp(`^\\| ${who} \\|[^|]*\\| ([\\d.]+) \\| \\d+ \\| (\\d+) \\|$`, 'm').exec(text) ?? [];
    if (!(megabytes < Number(said) * 1.05) || packages !== Number(count))
      throw new Error(`${who}: the guide says ${said} MB and ${count} packages`);
  }
}
