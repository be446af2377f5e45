// Who may import what, and which globals a folder may use. ESLint holds this table (eslint.config.js), a test shows
// that it does (scripts/walls.test.mjs), and CONTRIBUTING.md gives the reasons.
import { readdirSync } from 'node:fs';
import globals from 'globals';

/**
 * One entry per folder of `src`.
 * `imports`: other folders of `src`, reached through their `index.ts` (`vendors` has none).
 * `packages`: npm packages; `node:*` stands for Node's own modules, `*` for any package.
 * `globals`: `web` is what browsers, Node and edge workers share; `browser` adds the page and its workers.
 * `tests`: what unit tests and their support import beyond that; they may use any package and every global.
 */
export const folders = {
  protocol: { imports: [], packages: ['valibot'], globals: 'web' },
  vendors: { imports: [], packages: [], globals: 'web' },
  engine: {
    imports: ['protocol'],
    packages: ['@noble/hashes', 'hash-wasm', 'mediabunny'],
    globals: 'browser',
  },
  react: {
    imports: ['engine'],
    packages: ['react', 'react-dom', '@tanstack/react-query', 'mediabunny'],
    globals: 'browser',
    tests: ['testing'],
  },
  element: {
    imports: ['engine', 'react'],
    packages: ['react', 'react-dom'],
    globals: 'browser',
    tests: ['testing'],
  },
  server: {
    imports: ['protocol', 'vendors'],
    packages: ['@noble/hashes', 'jose', 'rate-limiter-flexible', 'valibot'],
    globals: 'web',
    tests: ['sandbox'],
  },
  sandbox: {
    imports: ['vendors'],
    packages: ['fast-xml-parser', 'hash-wasm', 'valibot', 'node:*'],
    globals: 'node',
  },
  cli: {
    imports: ['protocol', 'server'],
    packages: ['valibot', 'node:*'],
    globals: 'node',
    tests: ['sandbox'],
  },
  testing: { imports: ['engine'], packages: [], globals: 'browser', tests: ['react'] },
  simulation: {
    imports: ['engine', 'protocol', 'sandbox', 'server'],
    packages: ['node:*'],
    globals: 'node',
  },
  demo: { imports: ['react', 'sandbox', 'server'], packages: ['*'], globals: 'any' },
};

/** What stands outside `src` and imports from it; `e2e` sees only the built package. */
export const outside = { e2e: [], storybook: ['engine', 'react', 'testing'] };

/** Unit tests and their support. */
export const testFiles = [
  '**/*.test.{ts,tsx,mjs}',
  '**/*.test-d.ts',
  '**/test-support/**',
  '**/contract-suite.ts',
];
const providers = 'src/server/providers';

/** The walls as ESLint configurations. */
export function walls() {
  return [
    ...Object.entries(folders).flatMap(([folder, rules]) => [
      {
        name: `walls of ${folder}`,
        files: [`src/${folder}/**/*.{ts,tsx}`],
        ignores: testFiles,
        rules: {
          ...pathRule([zone(`src/${folder}`, folder, rules.imports), ...providerZones(folder)]),
          ...packageRule(rules.packages),
          ...globalsRule(rules.globals),
          'no-restricted-syntax': [
            'error',
            ...packageSyntax(rules.packages),
            ...globalsSyntax(rules.globals),
          ],
        },
      },
      {
        name: `walls of the tests of ${folder}`,
        files: testFiles.map((pattern) => `src/${folder}/${pattern}`),
        rules: pathRule([
          zone(`src/${folder}`, folder, [...rules.imports, ...(rules.tests ?? [])]),
          ...providerZones(folder),
        ]),
      },
    ]),
    ...Object.entries(outside).map(([folder, imports]) => ({
      name: `walls of ${folder}`,
      files: [`${folder}/**/*.{ts,tsx,mjs}`],
      rules: pathRule([zone(folder, undefined, imports)]),
    })),
  ];
}

function zone(target, own, imports) {
  const entries = imports.flatMap((folder) => [
    folder === 'vendors' ? './vendors' : `./${folder}/index.ts`,
    // What the widget needs before the engine is loaded.
    ...(folder === 'engine' ? ['./engine/shared.ts'] : []),
    // Style sheet and languages are entries of their own.
    ...(folder === 'react' ? ['./react/styles.css', './react/styles.css?inline', './react/locales'] : []),
  ]);
  const allowed = imports.length > 0 ? imports.join(', ') : 'no other folder of src';
  return {
    target: `./${target}`,
    from: './src',
    except: [...(own ? [`./${own}`] : []), ...entries],
    message: `${target} imports ${allowed}, through index.ts; see "Who imports whom" in CONTRIBUTING.md.`,
  };
}

/** No provider imports another. */
function providerZones(folder) {
  if (folder !== 'server') return [];
  const names = readdirSync(providers, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name);
  return names.flatMap((name) =>
    names
      .filter((other) => other !== name)
      .map((other) => ({
        target: `./${providers}/${name}`,
        from: `./${providers}/${other}`,
        message: 'A provider imports no other provider; what several need belongs beside them.',
      })),
  );
}

function pathRule(zones) {
  return { 'import-x/no-restricted-paths': ['error', { zones }] };
}

const packageMessage = 'This folder does not import that package; see "Who imports whom" in CONTRIBUTING.md.';

function packageRule(packages) {
  if (packages.includes('*')) return {};
  const patterns = [{ regex: otherPackages(packages), message: packageMessage }];
  return { 'no-restricted-imports': ['error', { patterns }] };
}

/** Dynamic imports, which `no-restricted-imports` does not see. */
function packageSyntax(packages) {
  if (packages.includes('*')) return [];
  const regex = otherPackages(packages).replaceAll('/', '\\/');
  return [
    { selector: `ImportExpression > Literal[value=/${regex}/]`, message: packageMessage },
    {
      selector: 'ImportExpression > .source:not(Literal)',
      message: 'Name the module in a plain string: nothing can check this import.',
    },
  ];
}

/** What is neither a relative path, which the zones check, nor one of the packages. */
function otherPackages(packages) {
  const names = packages.map((name) => (name === 'node:*' ? 'node:.*' : `${escape(name)}(?:/.*)?`));
  return `^(?!\\.|(?:${names.join('|') || '(?!)'})$)`;
}

function globalsRule(kind) {
  const banned = bannedGlobals(kind);
  if (banned.length === 0) return {};
  return {
    'no-restricted-globals': [
      'error',
      {
        globals: banned.map((name) => ({
          name,
          message: `This folder uses ${kind} globals only; see "Who imports whom" in CONTRIBUTING.md.`,
        })),
        checkGlobalObject: true,
      },
    ],
  };
}

/** Node's types, which `no-restricted-globals` does not see. */
function globalsSyntax(kind) {
  if (kind !== 'web' && kind !== 'browser') return [];
  const message = `This folder uses ${kind} types only; see "Who imports whom" in CONTRIBUTING.md.`;
  return [
    { selector: "TSTypeReference > Identifier[name='Buffer']", message },
    { selector: "TSQualifiedName[left.name='NodeJS']", message },
  ];
}

/** The oldest Node supported, 20.19, does not have these, though later ones do. */
const newerThanNode = ['localStorage', 'sessionStorage', 'Storage', 'navigator', 'Navigator', 'WebSocket'];

function bannedGlobals(kind) {
  const { browser, worker, ...others } = globals;
  const node = { ...others.node };
  const shared = { ...others['shared-node-browser'] };
  for (const name of newerThanNode) {
    delete node[name];
    delete shared[name];
  }
  const only = (names, ...others) =>
    Object.keys(names).filter((name) => !others.some((other) => name in other));
  switch (kind) {
    case 'web':
      return [...only(node, shared), ...only({ ...browser, ...worker }, node)];
    case 'browser':
      return only(node, browser, worker);
    case 'node':
      return only({ ...browser, ...worker }, node);
    default:
      return [];
  }
}

function escape(text) {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
}
