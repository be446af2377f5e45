// Writes the custom elements manifest (https://github.com/webcomponents/custom-elements-manifest) from the element's sources:
// editors read attributes, events, slots and parts from it.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { root } from './install.mjs';

const slots = [
  { name: '', description: 'Shown below the widget.' },
  { name: 'header', description: 'Shown above the widget.' },
  {
    name: 'dropzone',
    description: 'Replaces the contents of the drop zone, which still takes drops, clicks and keys.',
  },
];

export function writeManifest() {
  mkdirSync(path.join(root, 'dist'), { recursive: true });
  writeFileSync(
    path.join(root, 'dist/custom-elements.json'),
    `${JSON.stringify(makeManifest(), undefined, 2)}\n`,
  );
}

export function makeManifest() {
  const properties = parse('src/element/properties.ts');
  const element = parse('src/element/element.ts');
  const attributes = namesIn(properties, 'attributes');
  const attributeOf = new Map(attributes.map((name) => [camelCase(name), name]));
  const fields = membersOf(interfaceIn(properties, 'VodropUploaderProperties')).map((member) => ({
    kind: 'field',
    ...member,
    ...(attributeOf.has(member.name) && { attribute: attributeOf.get(member.name) }),
  }));
  const events = membersOf(interfaceIn(properties, 'VodropUploaderEventMap'));
  return {
    schemaVersion: '1.0.0',
    readme: 'README.md',
    modules: [
      {
        kind: 'javascript-module',
        path: 'dist/element.js',
        declarations: [
          {
            kind: 'class',
            customElement: true,
            tagName: 'vodrop-uploader',
            name: 'VodropUploaderElement',
            description: docOf(classIn(element)),
            superclass: { name: 'HTMLElement' },
            attributes: [
              ...fields
                .filter(({ attribute }) => attribute)
                .map(({ attribute, name, description, type }) => ({
                  name: attribute,
                  fieldName: name,
                  description,
                  type,
                })),
              {
                name: 'value',
                fieldName: 'value',
                description: 'The first value of the field: media ids, separated by commas.',
                type: { text: 'string' },
              },
            ],
            members: [...fields, ...classMembers(classIn(element))],
            events,
            slots,
            cssParts: namesIn(parse('src/element/parts.ts'), 'parts').map((name) => ({ name })),
            cssProperties: variables().map((name) => ({ name })),
          },
        ],
        exports: [
          { kind: 'js', name: 'VodropUploaderElement', declaration: { name: 'VodropUploaderElement' } },
          {
            kind: 'custom-element-definition',
            name: 'vodrop-uploader',
            declaration: { name: 'VodropUploaderElement' },
          },
        ],
      },
    ],
  };
}

function parse(file) {
  return ts.createSourceFile(file, readFileSync(path.join(root, file), 'utf8'), ts.ScriptTarget.Latest, true);
}

function interfaceIn(source, name) {
  return source.statements.find((one) => ts.isInterfaceDeclaration(one) && one.name.text === name);
}

function classIn(source) {
  return source.statements.find(ts.isClassDeclaration);
}

/** The keys of an object that a constant is. */
function namesIn(source, name) {
  for (const statement of source.statements) {
    if (!ts.isVariableStatement(statement)) continue;
    const [declaration] = statement.declarationList.declarations;
    if (declaration.name.text !== name) continue;
    let value = declaration.initializer;
    while (ts.isAsExpression(value) || ts.isSatisfiesExpression(value)) value = value.expression;
    return value.properties.map((property) => property.name.text);
  }
  throw new Error(`${source.fileName} has no constant ${name}`);
}

function membersOf(declaration) {
  return declaration.members.map((member) => ({
    name: member.name.text,
    description: docOf(member),
    type: { text: member.type.getText().replace(/\s+/g, ' ') },
  }));
}

/** The public methods and accessors of the class; callbacks of the browser are not for hosts. */
function classMembers(declaration) {
  const seen = new Set();
  return declaration.members.flatMap((member) => {
    const name = member.name?.text;
    if (!name || name.endsWith('Callback') || name === 'formAssociated' || seen.has(name)) return [];
    if (member.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ProtectedKeyword)) return [];
    if (ts.isPrivateIdentifier(member.name)) return [];
    seen.add(name);
    const description = docOf(member);
    const type = member.type && { text: member.type.getText() };
    if (ts.isMethodDeclaration(member))
      return [{ kind: 'method', name, description, return: type && { type } }];
    return ts.isAccessor(member) ? [{ kind: 'field', name, description, type }] : [];
  });
}

function docOf(node) {
  return ts
    .getJSDocCommentsAndTags(node)
    .filter(ts.isJSDoc)
    .map(({ comment }) => ts.getTextOfJSDocComment(comment) ?? '')
    .join('\n')
    .replace(/\s*\n\s*/g, ' ')
    .trim();
}

function variables() {
  const css = readFileSync(path.join(root, 'src/react/styles/tokens.css'), 'utf8');
  return [...new Set(Array.from(css.matchAll(/^\s*(--vodrop-[\w-]+):/gm), ([, name]) => name))];
}

const camelCase = (name) => name.replace(/-([a-z])/g, (_match, letter) => letter.toUpperCase());
