// Records which English each translation was made from: `npm run translations`. A test (scripts/translations.test.mjs)
// fails as long as an English text has changed and a translation of it has not.
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { root } from './install.mjs';

/** For each key one line with a digest of each language's text, so that branches that add words merge. */
export const file = path.join(root, 'src/react/messages/translated-from.json');

/** Every text of a language under its key: `pause`, `things.video`, `failures.file-changed`. */
export function textsOf({ words, failures }) {
  const texts = new Map();
  for (const [name, word] of Object.entries(words)) {
    const isTable = typeof word === 'object' && !('other' in word);
    if (!isTable) texts.set(name, word);
    else for (const [inner, text] of Object.entries(word)) texts.set(`${name}.${inner}`, text);
  }
  for (const [code, sentences] of Object.entries(failures)) texts.set(`failures.${code}`, sentences);
  return texts;
}

/** The locale with its words of parts that are loaded on demand, if it has them, as `sources/link`. */
export function withOnDemand(locale, onDemand = {}) {
  const own = Object.entries(onDemand).flatMap(([part, words]) =>
    Object.entries(words).map(([key, text]) => [`${part}/${key}`, text]),
  );
  return { ...locale, words: { ...locale.words, ...Object.fromEntries(own) } };
}

/** What `locales` (`en` among them) say now, as the record holds it: key, then language, then digest. */
export function digestsOf(locales) {
  const digests = {};
  for (const [name, locale] of Object.entries(locales)) {
    for (const [key, text] of textsOf(locale)) (digests[key] ??= {})[name] = digest(text);
  }
  return digests;
}

/**
 * Compares what is said now with the record. `behind`: the English has changed since, the translation has not.
 * `unchanged` holds keys (`pause`) and languages with keys (`de.pause`) whose translation is right as it is.
 */
export function compare(recorded, now, unchanged = new Set()) {
  const behind = [];
  const next = {};
  for (const [key, digests] of Object.entries(now)) {
    const before = recorded[key];
    const isNew = before?.en === undefined || before.en === digests.en;
    const late = Object.keys(digests).filter(
      (name) =>
        !isNew &&
        name !== 'en' &&
        before[name] === digests[name] &&
        !unchanged.has(key) &&
        !unchanged.has(`${name}.${key}`),
    );
    behind.push(...late.map((name) => `${name}.${key}`));
    next[key] = late.length > 0 ? before : digests;
  }
  return { behind, next };
}

export function read() {
  if (!existsSync(file)) return {};
  const lines = Object.entries(JSON.parse(readFileSync(file, 'utf8')));
  return Object.fromEntries(
    lines.map(([key, line]) => [key, Object.fromEntries(line.split(' ').map((pair) => pair.split('=')))]),
  );
}

function write(record) {
  const lines = Object.keys(record)
    .sort()
    .map((key) => [
      key,
      Object.keys(record[key])
        .sort()
        .map((name) => `${name}=${record[key][name]}`)
        .join(' '),
    ]);
  writeFileSync(file, `${JSON.stringify(Object.fromEntries(lines), null, 2)}\n`);
}

function digest(text) {
  return createHash('sha256').update(JSON.stringify(text)).digest('base64url').slice(0, 6);
}

async function loadLocales() {
  const folder = path.join(root, 'src/react/locales');
  const names = readdirSync(folder).filter((entry) => entry.endsWith('.ts'));
  const locales = {};
  for (const entry of names) {
    const isEnglish = entry === 'en.ts';
    const onDemand = isEnglish ? '../messages/en-on-demand.ts' : `on-demand/${entry}`;
    locales[path.parse(entry).name] = withOnDemand(
      await onlyExport(path.join(folder, entry)),
      await onlyExport(path.join(folder, onDemand)),
    );
  }
  return locales;
}

/** Undefined when there is no such file: an address of a language, as `de-formal`, may have no words of its own. */
async function onlyExport(file) {
  if (!existsSync(file)) return undefined;
  const { runnerImport } = await import('vite');
  const [value] = Object.values((await runnerImport(file, { configFile: false })).module);
  return value;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const [flag, ...names] = process.argv.slice(2);
  if (flag !== undefined && flag !== '--unchanged') throw new Error(`translations: unknown argument ${flag}`);
  const { behind, next } = compare(read(), digestsOf(await loadLocales()), new Set(names));
  write(next);
  if (behind.length > 0) {
    console.error('The English of these has changed, the translation has not:');
    for (const name of behind) console.error(`  ${name}`);
    console.error(
      'Translate them and run this again. What is right as it is: npm run translations -- --unchanged <key or language.key> …',
    );
    process.exit(1);
  }
  console.log(path.relative(root, file));
}
