import { readdirSync, readFileSync } from 'node:fs';
import { ESLint } from 'eslint';
import tseslint from 'typescript-eslint';
import { beforeAll, describe, expect, it } from 'vitest';
import { root } from './install.mjs';
import { folders, outside } from './walls.mjs';

const wallRules = new Set([
  'import-x/no-restricted-paths',
  'no-restricted-imports',
  'no-restricted-syntax',
  'no-restricted-globals',
]);

/** Lints text as if it stood in the file; the rules that need types are off, as the file does not exist. */
const eslint = new ESLint({
  cwd: root,
  // The walls are a few of many rules, and a thousand texts are linted.
  ruleFilter: ({ ruleId }) => wallRules.has(ruleId),
  overrideConfig: [
    { files: ['**/*'], ...tseslint.configs.disableTypeChecked },
    { files: ['**/*'], languageOptions: { parserOptions: { projectService: false } } },
  ],
});

async function refusals(filePath, code) {
  const [result] = await eslint.lintText(code, { filePath: `${root}/${filePath}` });
  expect(result.messages.filter(({ fatal }) => fatal)).toEqual([]);
  return result.messages.filter(({ ruleId }) => wallRules.has(ruleId));
}

/** A file directly in the folder, one below, and one far below; existing folders, so that paths resolve. */
const places = {
  protocol: ['src/protocol/x.ts'],
  vendors: ['src/vendors/x.ts'],
  engine: ['src/engine/x.ts', 'src/engine/parts/x.ts'],
  cli: ['src/cli/x.ts', 'src/cli/doctor/x.ts'],
  element: ['src/element/x.ts'],
  react: ['src/react/x.ts', 'src/react/hooks/x.ts', 'src/react/components/details/x.tsx'],
  server: ['src/server/x.ts', 'src/server/signing/x.ts', 'src/server/providers/s3/x.ts'],
  sandbox: ['src/sandbox/x.ts', 'src/sandbox/http/x.ts', 'src/sandbox/vendors/s3/x.ts'],
  testing: ['src/testing/x.ts'],
  simulation: ['src/simulation/x.ts'],
  demo: ['src/demo/x.ts', 'src/demo/clouds/x.ts'],
};

/** A module of each folder that has no index. */
const modules = { vendors: 'vendors/s3.js', simulation: 'simulation/world.js', demo: 'demo/digest.js' };

const up = (filePath) => '../'.repeat(filePath.split('/').length - 2);

/** Each import in every form that a file can write it in. */
const forms = {
  'a static import': (specifier) => `import { x } from '${specifier}';\nexport const y = x;`,
  'a type import': (specifier) => `import type { X } from '${specifier}';\nexport type Y = X;`,
  'a side-effect import': (specifier) => `import '${specifier}';`,
  'a re-export': (specifier) => `export * from '${specifier}';`,
  'a dynamic import': (specifier) => `export const load = () => import('${specifier}');`,
};

beforeAll(() => refusals('src/protocol/x.ts', 'export const x = 1;'), 60_000);

describe('walls between folders', () => {
  it('has a place for a violating file in every folder of src', () => {
    const names = readdirSync(`${root}/src`, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => name);
    expect(Object.keys(places).sort()).toEqual(names.sort());
    expect(Object.keys(folders).sort()).toEqual(names.sort());
  });

  for (const [folder, files] of Object.entries(places)) {
    const allowed = new Set([folder, ...folders[folder].imports]);
    const banned = Object.keys(places).filter((other) => !allowed.has(other));
    for (const file of files) {
      for (const other of banned) {
        const specifier = up(file) + (modules[other] ?? `${other}/index.js`);
        it.each(Object.entries(forms))(`refuses %s of ${other} in ${file}`, async (_form, write) => {
          expect(await refusals(file, write(specifier))).not.toEqual([]);
        });
      }
    }
  }

  it.each([
    ['src/react/x.ts', '../engine/machine.js'],
    ['src/react/hooks/x.ts', '../../engine/machine.js'],
    ['src/react/components/details/x.ts', '../../../engine/parts/plan.js'],
    ['src/engine/x.ts', '../protocol/problem.js'],
    ['src/engine/parts/x.ts', '../../protocol/messages.js'],
    ['src/server/x.ts', '../protocol/problem.js'],
    ['src/server/providers/s3/x.ts', '../../../protocol/messages.js'],
    ['src/testing/x.ts', '../engine/types.js'],
    ['src/demo/clouds/x.ts', '../../server/ticket.js'],
  ])('refuses in %s a way past the index of another folder: %s', async (file, specifier) => {
    for (const write of Object.values(forms)) expect(await refusals(file, write(specifier))).not.toEqual([]);
  });

  it.each([
    ['src/react/hooks/x.ts', '../../engine/index.js'],
    ['src/server/providers/s3/x.ts', '../../../vendors/s3.js'],
    ['src/server/providers/s3/x.ts', '../../errors.js'],
    ['src/engine/parts/x.ts', '../../protocol/index.js'],
    ['src/sandbox/vendors/s3/x.ts', '../../../vendors/s3.js'],
    ['src/server/x.test.ts', '../sandbox/index.js'],
    ['src/react/hooks/x.test.tsx', '../../testing/index.js'],
  ])('lets %s import %s', async (file, specifier) => {
    for (const write of Object.values(forms)) expect(await refusals(file, write(specifier))).toEqual([]);
  });

  it.each([
    ['src/react/x.test.ts', '../server/index.js'],
    ['src/engine/parts/x.test.ts', '../../sandbox/index.js'],
    ['src/engine/test-support/x.ts', '../../server/index.js'],
    ['src/sandbox/vendors/s3/x.test.ts', '../../../server/index.js'],
    ['src/sandbox/test-support/x.ts', '../../server/signing/sigv4.js'],
  ])('refuses also in tests and their support: %s must not import %s', async (file, specifier) => {
    expect(await refusals(file, forms['a static import'](specifier))).not.toEqual([]);
  });
});

describe('walls around src', () => {
  const places = {
    e2e: ['e2e/x.spec.ts', 'e2e/support/x.ts'],
    storybook: ['storybook/x.tsx', 'storybook/stories/x.stories.tsx', 'storybook/support/x.ts'],
  };
  const src = (file) => '../'.repeat(file.split('/').length - 1) + 'src/';

  it('has a place for a violating file in every folder outside src', () => {
    expect(Object.keys(places).sort()).toEqual(Object.keys(outside).sort());
  });

  for (const [folder, files] of Object.entries(places)) {
    const allowed = outside[folder];
    const banned = Object.keys(folders).filter((name) => !allowed.includes(name));
    for (const file of files) {
      it.each(banned)(`refuses %s in ${file}`, async (other) => {
        const specifier = src(file) + (modules[other] ?? `${other}/index.js`);
        for (const write of Object.values(forms))
          expect(await refusals(file, write(specifier))).not.toEqual([]);
      });
    }
  }

  const deep = [
    'engine/machine.js',
    'react/messages/index.js',
    'react/stores/deferred.js',
    'testing/an-upload.js',
  ];
  it.each(places.storybook.flatMap((file) => deep.map((module) => [file, module])))(
    'refuses in %s a way past the index of a folder: %s',
    async (file, module) => {
      for (const write of Object.values(forms))
        expect(await refusals(file, write(src(file) + module))).not.toEqual([]);
    },
  );

  const entries = [
    'engine/index.js',
    'react/index.js',
    'react/styles.css',
    'react/locales/de.js',
    'testing/index.js',
  ];
  it.each(places.storybook.flatMap((file) => entries.map((module) => [file, module])))(
    'lets %s import the entry %s',
    async (file, module) => {
      expect(await refusals(file, forms['a side-effect import'](src(file) + module))).toEqual([]);
    },
  );

  // ESLint does not read MDX.
  it('finds only entries in the imports of the guides', async () => {
    const folder = 'storybook/guides';
    for (const name of readdirSync(`${root}/${folder}`)) {
      const imports =
        readFileSync(`${root}/${folder}/${name}`, 'utf8').match(/^import .* from '\.[^']*';$/gm) ?? [];
      expect(await refusals(`${folder}/x.ts`, imports.join('\n')), name).toEqual([]);
    }
  });
});

describe('walls between providers', () => {
  const providers = readdirSync(`${root}/src/server/providers`, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name);

  it.each(
    providers.flatMap((one) => providers.filter((other) => other !== one).map((other) => [one, other])),
  )('refuses an import of %s from %s, also in tests', async (other, one) => {
    for (const name of ['x.ts', 'x.test.ts'])
      expect(
        await refusals(
          `src/server/providers/${one}/${name}`,
          forms['a static import'](`../${other}/index.js`),
        ),
      ).not.toEqual([]);
  });
});

describe('packages of a folder', () => {
  const samples = [
    'react',
    'react/jsx-runtime',
    '@tanstack/react-query',
    'jose',
    'mediabunny',
    'left-pad',
    'node:fs',
    'fs',
  ];
  for (const [folder, files] of Object.entries(places)) {
    const { packages } = folders[folder];
    if (packages.includes('*')) continue;
    const isAllowed = (name) =>
      packages.some(
        (one) => name === one || name.startsWith(`${one}/`) || (one === 'node:*' && name.startsWith('node:')),
      );
    it.each(files)(`refuses in %s every package that ${folder} does not name`, async (file) => {
      for (const name of samples.filter((sample) => !isAllowed(sample)))
        for (const [form, write] of Object.entries(forms))
          expect(await refusals(file, write(name)), `${form} of ${name}`).not.toEqual([]);
      for (const name of samples.filter(isAllowed))
        expect(await refusals(file, forms['a dynamic import'](name)), name).toEqual([]);
    });
  }

  it('refuses an import whose target nothing can check', async () => {
    expect(
      await refusals(
        'src/engine/x.ts',
        'export const load = (name: string) => import(`../${name}/index.js`);',
      ),
    ).not.toEqual([]);
  });
});

describe('globals of a folder', () => {
  const node = [
    'Buffer.from("x")',
    'process.env',
    'globalThis.process',
    'globalThis.Buffer',
    'setImmediate(f)',
    'f as Buffer',
    'f as NodeJS.Timeout',
    '__dirname',
  ];
  const page = [
    'window.name',
    'document.title',
    'localStorage.length',
    'new XMLHttpRequest()',
    'globalThis.document',
    'indexedDB.open("x")',
  ];
  const write = (expression) => `declare const f: () => void;\nexport const x = () => [${expression}, f];`;

  for (const [folder, files] of Object.entries(places)) {
    const kind = folders[folder].globals;
    const banned = { web: [...node, ...page], browser: node, node: page, any: [] }[kind];
    if (banned.length === 0) continue;
    it.each(files)(`refuses in %s what is not a ${kind} global`, async (file) => {
      for (const expression of banned)
        expect(await refusals(file, write(expression)), expression).not.toEqual([]);
      for (const expression of [
        'fetch("x")',
        'crypto.subtle',
        'setTimeout(f)',
        'new AbortController()',
        'structuredClone(f)',
      ])
        expect(await refusals(file, write(expression)), expression).toEqual([]);
    });
  }
});
