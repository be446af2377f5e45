// The code of the guides about servers: compiled against the sources, or equal to a file that `npm run frameworks` runs.
import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { expect, it } from 'vitest';
import { root } from './install.mjs';

const servers = path.join(root, 'e2e/hosts-server');

/** What a host brings along, by the names that the guides use. */
const hostModules = `
declare module '*/session.js' {
  export function readSession(request: Request): Promise<{ readonly id: string } | null>;
}
declare module '*/metrics.js' {
  export function count(name: string, labels: Record<string, string>): void;
  export function observe(name: string, value: number, labels: Record<string, string>): void;
  export function log(fields: Record<string, unknown>): void;
}
declare module '*/uploads.config.js' {
  export const options: import('vodrop/server').TokenEndpointOptions;
}
`;

const documents = [
  'storybook/guides/security.mdx',
  'storybook/guides/operations.mdx',
  'storybook/guides/deployment.mdx',
  'README.md',
];

function blocksOf(document) {
  const text = readFileSync(path.join(root, document), 'utf8');
  return [...text.matchAll(/^```(\w+)\n(.*?)^```$/gms)].map(([, language, code]) => ({ language, code }));
}

it('compiles the TypeScript of the guides about servers', () => {
  const sources = documents.flatMap((document) =>
    blocksOf(document)
      .filter(({ language }) => language === 'ts')
      .map(({ code }, i) => [path.join(root, 'src', `${document.replaceAll(/\W/g, '-')}-${i}.ts`), code]),
  );
  expect(sources.length).toBeGreaterThan(2);
  expect(problemsOf(new Map(sources))).toEqual([]);
  // A whole program is checked.
}, 180_000);

it('shows, in the guide about deployment, only code that npm run frameworks runs', () => {
  const files = readdirSync(servers, { recursive: true })
    .filter((name) => /\.m?js$/.test(name))
    .map((name) => readFileSync(path.join(servers, name), 'utf8').trim());
  const own = 'createServer(toNodeListener(endpoint)).listen(3000);';
  const shown = blocksOf('storybook/guides/deployment.mdx').map(({ code }) => code.trim());
  expect(shown.length).toBeGreaterThan(8);
  for (const code of shown.filter((one) => !one.endsWith(own))) expect(files).toContain(code);
});

it('identifies callers by a session in every example, never by a header that anybody can send', () => {
  const guides = readdirSync(path.join(root, 'storybook/guides')).map((name) => `storybook/guides/${name}`);
  for (const document of [...guides, 'README.md'])
    expect(readFileSync(path.join(root, document), 'utf8')).not.toMatch(/x-user/i);
});

/** What the compiler finds in sources that exist in memory only. */
function problemsOf(sources) {
  const declarations = path.join(root, 'src/guides-host.d.ts');
  const all = new Map([...sources, [declarations, hostModules]]);
  const options = {
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    target: ts.ScriptTarget.ES2023,
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    lib: ['lib.es2023.d.ts', 'lib.dom.d.ts', 'lib.dom.iterable.d.ts'],
    types: ['node'],
    paths: { 'vodrop/*': [path.join(root, 'src/*/index.ts')] },
  };
  const host = ts.createCompilerHost(options);
  const { getSourceFile, fileExists, readFile } = host;
  host.fileExists = (name) => all.has(name) || fileExists(name);
  host.readFile = (name) => all.get(name) ?? readFile(name);
  host.getSourceFile = (name, ...rest) =>
    all.has(name)
      ? ts.createSourceFile(name, all.get(name), ts.ScriptTarget.ES2023, true)
      : getSourceFile(name, ...rest);
  const program = ts.createProgram([...all.keys()], options, host);
  return [...sources.keys()].flatMap((name) => {
    const file = program.getSourceFile(name);
    return [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)].map(
      ({ messageText }) => `${path.basename(name)}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`,
    );
  });
}
