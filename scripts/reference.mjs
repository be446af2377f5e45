// Reads the public interface from the sources: every name that an entry of the package exports, with its comment and those of
// its members. The API reference is made of it, and a test holds that nothing public is without a comment.
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { root } from './install.mjs';

export const entries = {
  vodrop: 'src/react/index.ts',
  'vodrop/element': 'src/element/index.ts',
  'vodrop/engine': 'src/engine/index.ts',
  'vodrop/server': 'src/server/index.ts',
  'vodrop/sandbox': 'src/sandbox/index.ts',
  'vodrop/testing': 'src/testing/index.ts',
};

const sources = new Map();

function sourceOf(file) {
  const known = sources.get(file);
  if (known) return known;
  const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true);
  sources.set(file, source);
  return source;
}

/** The names that a module exports, each with its declarations, wherever they are. */
export function exportsOf(file) {
  const found = new Map();
  for (const statement of sourceOf(file).statements) {
    if (ts.isExportDeclaration(statement)) {
      const from = statement.moduleSpecifier && resolve(file, statement.moduleSpecifier.text);
      if (!statement.exportClause) {
        for (const [name, declarations] of exportsOf(from)) found.set(name, declarations);
        continue;
      }
      for (const { name, propertyName } of statement.exportClause.elements) {
        const original = (propertyName ?? name).text;
        found.set(name.text, from ? (exportsOf(from).get(original) ?? []) : declarationsOf(file, original));
      }
      continue;
    }
    const isExported = statement.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword);
    if (!isExported) continue;
    for (const name of namesOf(statement)) found.set(name, [...(found.get(name) ?? []), statement]);
  }
  return found;
}

/** A name that is declared here, or imported. */
function declarationsOf(file, name) {
  for (const statement of sourceOf(file).statements) {
    if (namesOf(statement).includes(name)) return [statement];
    const bindings = ts.isImportDeclaration(statement) && statement.importClause?.namedBindings;
    if (!bindings || !ts.isNamedImports(bindings)) continue;
    const element = bindings.elements.find((one) => one.name.text === name);
    const from = element && resolve(file, statement.moduleSpecifier.text);
    if (from) return exportsOf(from).get((element.propertyName ?? element.name).text) ?? [];
  }
  return [];
}

function namesOf(statement) {
  if (ts.isVariableStatement(statement))
    return statement.declarationList.declarations.map(({ name }) => name.getText());
  return statement.name ? [statement.name.text] : [];
}

function resolve(file, specifier) {
  if (!specifier.startsWith('.')) return undefined;
  const base = path.resolve(path.dirname(file), specifier.replace(/\.js$/, ''));
  return [`${base}.ts`, `${base}.tsx`].find((one) => existsSync(one));
}

/** The text of the comment above a declaration. */
export function docOf(node) {
  return ts
    .getJSDocCommentsAndTags(node)
    .filter(ts.isJSDoc)
    .map(({ comment }) => ts.getTextOfJSDocComment(comment) ?? '')
    .join('\n')
    .trim();
}

/** The members of an interface, a class or an object type. */
export function membersOf(node) {
  const members = node.members ?? (node.type && ts.isTypeLiteralNode(node.type) ? node.type.members : []);
  return members
    .filter(({ name, modifiers }) => name && !ts.isPrivateIdentifier(name) && !isHidden(modifiers))
    .map((member) => ({
      name: member.name.getText(),
      type: member.type?.getText().replace(/\s+/g, ' ') ?? '',
      isOptional: member.questionToken !== undefined,
      doc: docOf(member),
    }));
}

function isHidden(modifiers) {
  return modifiers?.some(
    ({ kind }) => kind === ts.SyntaxKind.PrivateKeyword || kind === ts.SyntaxKind.ProtectedKeyword,
  );
}

/** Names without a comment, by entry. */
export function undocumented() {
  return Object.entries(entries).flatMap(([entry, file]) =>
    [...exportsOf(path.join(root, file))]
      .filter(([, declarations]) => declarations.length > 0 && !declarations.some(docOf))
      .map(([name]) => `${entry} ${name}`),
  );
}

/** The reference of one entry as MDX. */
export function referenceOf(entry) {
  const sections = [...exportsOf(path.join(root, entries[entry]))]
    .toSorted(([one], [other]) => one.localeCompare(other))
    .map(([name, declarations]) => section(name, declarations));
  return `import { Meta } from '@storybook/addon-docs/blocks';

<Meta title="Reference/${entry.replace('/', ' ')}" />

# ${entry}

Made from the comments of the types.

${sections.join('\n')}`;
}

function section(name, declarations) {
  const text = declarations.map(docOf).filter(Boolean).join('\n\n');
  const rows = declarations.flatMap(membersOf);
  const table = rows.map(
    ({ name: member, isOptional, type, doc }) =>
      `| ${code(`${member}${isOptional ? '?' : ''}`)} | ${type ? code(shorten(type)) : ''} | ${cell(doc)} |`,
  );
  return [
    `## ${name}`,
    plain(text),
    ...(table.length > 0 ? [['| Name | Type | |', '|---|---|---|', ...table].join('\n')] : []),
    '',
  ].join('\n\n');
}

const code = (text) => `\`${text.replaceAll('`', "'").replaceAll('|', '\\|')}\``;
const shorten = (text) => (text.length > 90 ? `${text.slice(0, 88)} …` : text);
const cell = (text) =>
  plain(text)
    .replace(/\s*\n\s*/g, ' ')
    .replaceAll('|', '\\|');

/** MDX reads braces and angle brackets as code. */
function plain(text) {
  return text
    .replaceAll(/\{@link (\w+)[^}]*\}/g, '`$1`')
    .split(/(```[\s\S]*?```|`[^`]*`)/)
    .map((piece, index) => (index % 2 ? piece : piece.replaceAll(/[{}<>]/g, (letter) => `\\${letter}`)))
    .join('');
}
