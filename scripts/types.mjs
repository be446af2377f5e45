// Builds one declaration file per entry of the package, including its dependencies, without test support and internals.
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { rollup } from 'rollup';
import { dts } from 'rollup-plugin-dts';
import ts from 'typescript';
import { root, run } from './install.mjs';

const valibot = path.join(root, 'node_modules/valibot/dist/index.d.mts');

export async function writeTypes() {
  const emitted = mkdtempSync(path.join(tmpdir(), 'vodrop-types-'));
  try {
    run('npx', ['tsc', '--project', 'scripts/tsconfig.types.json', '--outDir', emitted]);
    for (const name of readdirSync(emitted, { recursive: true })) {
      const file = path.join(emitted, name);
      if (file.endsWith('.d.ts')) writeFileSync(file, withUndefined(readFileSync(file, 'utf8')));
    }
    const bundle = await rollup({
      input: entries(emitted),
      // Style sheets and external packages keep their own types.
      external: (id) => !id.startsWith('.') && !path.isAbsolute(id) && id !== 'valibot',
      // Of a package that is bundled, hosts have no types either.
      plugins: [
        { name: 'types-of-valibot', resolveId: (id) => (id === 'valibot' ? valibot : null) },
        dts({ includeExternal: ['valibot'] }),
      ],
      onwarn: (warning, warn) => {
        // Only vodrop itself infers the types of schemas.
        if (warning.plugin !== 'dts' || !/private shared type exports/.test(warning.message)) warn(warning);
      },
    });
    await bundle.write({
      dir: path.join(root, 'dist/types'),
      format: 'es',
      entryFileNames: '[name].d.ts',
      chunkFileNames: 'shared/[name]-[hash].d.ts',
      // Apart from React's types: hosts of the element do not have those.
      manualChunks: (id) =>
        /react[\\/](messages|format|source|trim[\\/](words|shrink-rule))/.test(id) ? 'words' : undefined,
    });
    await bundle.close();
    leaveReactOut();
  } finally {
    rmSync(emitted, { recursive: true, force: true });
  }
}

/**
 * The element's types come through the entry of the React widget, and with it React's own types, which hosts of the
 * element do not have. Imports them from where they are declared instead.
 */
function leaveReactOut() {
  const types = (name) => path.join(root, 'dist/types', name);
  const [, names, from] = /^import \{([^}]*)\} from '(\.\/shared\/words-[^']*)';/m.exec(
    readFileSync(types('index.d.ts'), 'utf8'),
  );
  const declared = new Map(names.split(',').map((one) => [one.trim().split(' ').at(-1), one.trim()]));
  const element = readFileSync(types('element.d.ts'), 'utf8').replace(
    /^import \{([^}]*)\} from '\.\/index\.js';/m,
    (_line, wanted) =>
      `import { ${wanted
        .split(',')
        .map((one) => declared.get(one.trim()))
        .join(', ')} } from '${from}';`,
  );
  if (/from '(react|\.\/index\.js)'|undefined as|\{ undefined/.test(element))
    throw new Error('the types of the element need those of React');
  writeFileSync(types('element.d.ts'), element);
}

function entries(emitted) {
  const file = (name) => path.join(emitted, `${name}.d.ts`);
  const locales = readdirSync(path.join(root, 'src/react/locales'))
    .filter((name) => name.endsWith('.ts'))
    .map((name) => path.parse(name).name);
  return {
    index: file('react/index'),
    element: file('element/index'),
    engine: file('engine/index'),
    server: file('server/index'),
    sandbox: file('sandbox/index'),
    testing: file('testing/index'),
    ...Object.fromEntries(locales.map((name) => [`locales/${name}`, file(`react/locales/${name}`)])),
  };
}

/**
 * Adds `| undefined` to the type of every optional property. The sources are compiled without
 * `exactOptionalPropertyTypes`, so `name?: T` means that there; a host that compiles with it must read the same.
 */
export function withUndefined(declarations) {
  const source = ts.createSourceFile('x.d.ts', declarations, ts.ScriptTarget.Latest, true);
  const optional = [];
  const visit = (node) => {
    if (ts.isPropertySignature(node) || ts.isPropertyDeclaration(node))
      if (node.questionToken && node.type && !mayBeUndefined(node.type)) optional.push(node.type);
    ts.forEachChild(node, visit);
  };
  visit(source);
  // From the end, so that the positions before an edit stay; an inner type comes after its outer one.
  const insertions = optional
    .flatMap((type) => {
      const needsBrackets =
        ts.isFunctionTypeNode(type) || ts.isConstructorTypeNode(type) || ts.isConditionalTypeNode(type);
      return needsBrackets
        ? [
            { at: type.getStart(), text: '(' },
            { at: type.end, text: ') | undefined' },
          ]
        : [{ at: type.end, text: ' | undefined' }];
    })
    .sort((a, b) => b.at - a.at);
  let text = declarations;
  for (const { at, text: added } of insertions) text = text.slice(0, at) + added + text.slice(at);
  return text;
}

function mayBeUndefined(type) {
  return ts.isUnionTypeNode(type) && type.types.some(({ kind }) => kind === ts.SyntaxKind.UndefinedKeyword);
}
