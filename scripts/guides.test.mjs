import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { root } from './install.mjs';
import { makeManifest } from './manifest.mjs';
import { entries, exportsOf, membersOf } from './reference.mjs';

const guides = path.join(root, 'storybook/guides');
const pages = [
  path.join(root, 'README.md'),
  ...readdirSync(guides)
    .filter((name) => name.endsWith('.mdx') && !/^(reference|provider)-/.test(name))
    .map((name) => path.join(guides, name)),
];
const [element] = makeManifest().modules[0].declarations;
const own = new Set([...element.attributes, ...element.members].map(({ name }) => name));
const events = new Set(element.events.map(({ name }) => name));

/** The names of the props of `<Uploader>`, from the types that they are made of. */
const props = new Set([
  ...[
    'endpoint',
    'provider',
    'uploader',
    'key',
    'id',
    'className',
    'style',
    'theme',
    'slots',
    'classNames',
    'layout',
    'mediaLink',
    'mediaEmbed',
    'scope',
  ],
  ...[
    ['src/react/settings.ts', 'Settings'],
    ['src/react/hooks/use-upload-events.ts', 'UploadCallbacks'],
    ['src/react/components/field.tsx', 'FieldProps'],
    ['src/react/hooks/use-field.ts', 'FieldSettings'],
  ].flatMap(([file, name]) => propsIn(file, name)),
]);

function propsIn(file, name) {
  const source = ts.createSourceFile(
    file,
    readFileSync(path.join(root, file), 'utf8'),
    ts.ScriptTarget.Latest,
    true,
  );
  const found = source.statements.find((one) => ts.isInterfaceDeclaration(one) && one.name.text === name);
  return membersOf(found).map((member) => member.name);
}

const blocks = pages.flatMap((page) =>
  [...readFileSync(page, 'utf8').matchAll(/```(tsx?|jsx?|html|vue|svelte)\n([\s\S]*?)```/g)].map(
    ([, language, code], index) => ({
      name: `${path.basename(page)} ${index + 1} (${language})`,
      language,
      code,
    }),
  ),
);

describe('the code in the guides', () => {
  it('is there', () => {
    expect(blocks.length).toBeGreaterThan(25);
  });

  it.each(blocks)('parses, and uses only what the package exports: $name', ({ language, code }) => {
    const scripts = /^(html|vue|svelte)$/.test(language)
      ? Array.from(
          code.matchAll(/<script(?![^>]*importmap)[^>]*>([\s\S]*?)<\/script>/g),
          ([, script]) => script,
        )
      : [code];
    for (const script of scripts) {
      const fileName = 'block.tsx';
      const { diagnostics } = ts.transpileModule(script, {
        fileName,
        reportDiagnostics: true,
        compilerOptions: { jsx: ts.JsxEmit.Preserve, target: ts.ScriptTarget.Latest },
      });
      expect(diagnostics.map(({ messageText }) => messageText)).toEqual([]);
      expect(unknownNames(ts.createSourceFile(fileName, script, ts.ScriptTarget.Latest, true))).toEqual([]);
    }
    expect(unknownAttributes(code)).toEqual([]);
  });
});

describe('the links of the guides', () => {
  const slug = (title) =>
    title
      .toLowerCase()
      .replaceAll(/[^a-z0-9]+/g, '-')
      .replaceAll(/^-|-$/g, '');
  const texts = new Map(pages.map((page) => [path.basename(page), readFileSync(page, 'utf8')]));
  const known = new Set(
    [...texts.values()].flatMap((text) => {
      const [, title] = /<Meta title="([^"]+)"/.exec(text) ?? [];
      return title ? [`${slug(title)}--docs`] : [];
    }),
  );

  it.each([...texts])('lead to pages that there are: %s', (_name, text) => {
    const linked = [...text.matchAll(/\?path=\/docs\/([\w-]+)/g)].map(([, id]) => id);
    expect(linked.filter((id) => !known.has(id))).toEqual([]);
  });

  it('name every guide in the README', () => {
    const readme = texts.get('README.md');
    const own = [...texts.keys()].filter((name) => name.endsWith('.mdx'));
    expect(own.filter((name) => !readme.includes(`storybook/guides/${name}`))).toEqual([]);
  });
});

it('names no file of the repository in CONTRIBUTING.md and the README that does not exist', () => {
  const text = ['CONTRIBUTING.md', 'README.md']
    .map((name) => readFileSync(path.join(root, name), 'utf8'))
    .join('\n');
  const named = [...text.matchAll(/`((?:src|e2e|scripts|storybook|starter)\/[\w./-]+)`/g)].map(
    ([, name]) => name,
  );
  expect(named.length).toBeGreaterThan(25);
  expect(named.filter((name) => !existsSync(path.join(root, name)))).toEqual([]);
});

it('says in the README what the table of the guide about installing says of megabytes', () => {
  const table = readFileSync(path.join(guides, 'installing.mdx'), 'utf8');
  const [, all] = /^\| React \|[^|]*\| ([\d.]+) /m.exec(table);
  const [, alone] = /^\| Element \|[^|]*\| ([\d.]+) /m.exec(table);
  const readme = readFileSync(path.join(root, 'README.md'), 'utf8');
  expect(readme).toContain(`install ${alone} MB with \`npm i vodrop --omit=optional\` (${all} MB with React`);
});

it.each(['src/demo/clouds/s3.ts', 'src/server/providers/s3/live.test.ts'])(
  '%s reads every variable of an S3-compatible store that .env.example names',
  (file) => {
    const named = readFileSync(path.join(root, '.env.example'), 'utf8').match(/\bS3_[A-Z_]+(?==)/g);
    const source = readFileSync(path.join(root, file), 'utf8');
    // Where players find the objects; the test has no player.
    const unread = file.endsWith('.test.ts') ? ['S3_PUBLIC_URL'] : [];
    expect(named?.filter((name) => !source.includes(name))).toEqual(unread);
  },
);

/** Names imported from the package that it does not export, and props that `<Uploader>` does not have. */
function unknownNames(source) {
  const unknown = [];
  const visit = (node) => {
    if (ts.isImportDeclaration(node)) unknown.push(...unknownImports(node));
    const isTag = ts.isJsxSelfClosingElement(node) || ts.isJsxOpeningElement(node);
    if (isTag && node.tagName.getText() === 'Uploader')
      for (const { name } of node.attributes.properties)
        if (name && !props.has(name.getText()) && !/^(data|aria)-/.test(name.getText()))
          unknown.push(`prop ${name.getText()}`);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return unknown;
}

function unknownImports({ moduleSpecifier, importClause }) {
  const specifier = moduleSpecifier.text;
  const bindings = importClause?.namedBindings;
  if (!/^vodrop($|\/)/.test(specifier) || !bindings || !ts.isNamedImports(bindings)) return [];
  const file = entries[specifier] ?? localeFile(specifier);
  if (!file) return [`module ${specifier}`];
  const exported = exportsOf(path.join(root, file));
  return bindings.elements
    .map(({ name, propertyName }) => (propertyName ?? name).text)
    .filter((name) => !exported.has(name))
    .map((name) => `${name} of ${specifier}`);
}

function localeFile(specifier) {
  const [, tag] = /^vodrop\/locales\/([\w-]+)$/.exec(specifier) ?? [];
  return tag && `src/react/locales/${tag}.ts`;
}

/** Attributes and events that `<vodrop-uploader>` does not have. */
function unknownAttributes(code) {
  return [...code.matchAll(/<vodrop-uploader\b((?:\{[^}]*\}|"[^"]*"|=>|[^>"{])*)>/g)].flatMap(([, list]) =>
    [
      ...list
        .replaceAll(/"[^"]*"|\{(?:[^{}]|\{[^}]*\})*\}/g, '""')
        .matchAll(/(?:^|\s)([@:(]?[\w:-]+)\)?(?==|\s|\/|$)/g),
    ]
      .map(([, name]) => name.replace(/^(on:|on(?=vodrop-)|prop:|[@:(])/, ''))
      .filter(
        (name) => !own.has(name) && !events.has(name) && !/^(id|class|style|ref|on|data-|…)/.test(name),
      ),
  );
}
