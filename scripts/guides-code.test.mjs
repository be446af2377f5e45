// The code of README, guides and pages of providers: compiled against the sources, or equal to a file that `npm run frameworks`
// runs. What is in HTML, Vue and Svelte is parsed in guides.test.mjs, and run by e2e/guides.spec.ts and `npm run hosts`.
import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { expect, it } from 'vitest';
import { root } from './install.mjs';
import { providerPage, providers } from './provider-pages.mjs';

const servers = path.join(root, 'e2e/hosts-server');

/** What a host brings along, by the names that the guides use. */
const hostModules = `
declare module '*/session.js' {
  export function readSession(request: Request): Promise<{ readonly id: string } | null>;
}
declare module '*/session' {
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
declare module '*/db.js' {
  export const db: { query(sql: string, values: readonly unknown[]): Promise<readonly { id: string }[]> };
}
declare module 'vodrop/styles.css' {}
declare module 'vodrop/element/vue' {}
declare module 'vodrop/element/svelte' {}
declare module 'vodrop/element/solid' {}
declare module 'react-hook-form' {
  export function useForm<Values>(options: { defaultValues: Values }): {
    control: unknown;
    handleSubmit(save: (values: Values) => void): (event: import('react').FormEvent) => void;
    reset(): void;
  };
  export function Controller(props: {
    name: string;
    control: unknown;
    rules?: { validate(ids: readonly string[]): true | string };
    render(context: {
      field: {
        name: string;
        value: readonly string[];
        onChange(value: unknown): void;
        onBlur(): void;
        ref(instance: unknown): void;
      };
      fieldState: { error?: { message?: string } };
    }): import('react').ReactNode;
  }): import('react').ReactNode;
}
declare module '@tanstack/react-form' {
  interface Field {
    state: { value: readonly string[]; meta: { errors: readonly string[] } };
    handleChange(value: readonly string[]): void;
    handleBlur(): void;
  }
  export function useForm<Values>(options: {
    defaultValues: Values;
    onSubmit(submitted: { value: Values }): void;
  }): {
    handleSubmit(): Promise<void>;
    Field(props: {
      name: string;
      validators: { onSubmit(submitted: { value: readonly string[] }): string | undefined };
      children(field: Field): import('react').ReactNode;
    }): import('react').ReactNode;
  };
}
declare module 'express' {
  interface App {
    use(path: string, listener: unknown): void;
    use(listener: unknown): void;
    listen(port: number, onListening: () => void): void;
  }
  const express: { (): App; static(folder: string): unknown };
  export default express;
}
declare module '@vitejs/plugin-vue' {
  export default function vue(options: {
    template: { compilerOptions: { isCustomElement(tag: string): boolean } };
  }): import('vite').Plugin;
}
declare module 'solid-js' {
  export function createSignal<Value>(): [() => Value | undefined, (value: Value | undefined) => void];
  export function Show(props: { when: unknown; children: import('react').ReactNode }): import('react').ReactNode;
}
declare module '@angular/core' {
  export function Component(options: object): ClassDecorator;
  export function signal<Value>(value: Value): (() => Value) & { set(value: Value): void };
  export const CUSTOM_ELEMENTS_SCHEMA: unique symbol;
}
`;

/** Names that a fragment leaves out because the page has introduced them. */
const introduced = `
${['Uploader', 'UploaderProvider', 'UploaderDock', 'useUploadFile', 'UploaderRoot', 'Dropzone', 'UploadList']
  .map((name) => `declare const ${name}: typeof import('vodrop').${name};`)
  .join('\n')}
${['createTokenEndpoint', 'sweep']
  .map((name) => `declare const ${name}: typeof import('vodrop/server').${name};`)
  .join('\n')}
declare const createUploader: typeof import('vodrop/engine').createUploader;
declare const startSandbox: typeof import('vodrop/sandbox').startSandbox;
declare const uploader: import('vodrop/engine').Uploader;
type EndpointStore = import('vodrop/server').EndpointStore;
declare const rest: Pick<import('vodrop/server').TokenEndpointOptions, 'providers' | 'secret' | 'authorize'>;
declare const providers: readonly import('vodrop/server').Provider[];
declare const store: import('vodrop/server').EndpointStore;
declare const alibaba: import('vodrop/server').Provider, tencent: import('vodrop/server').Provider;
declare const huawei: import('vodrop/server').Provider, bucket: import('vodrop/server').Provider;
declare const authKey: string, signKey: string, callbackKey: string, topicUrn: string, topicArn: string;
declare const redis: any, db: any, api: any, file: File, form: FormData;
declare const user: { readonly id: string }, lesson: { readonly id: string };
declare function save(...values: unknown[]): void;
declare function setIds(ids: readonly string[]): void;
declare function saveVideo(...values: unknown[]): Promise<void>;
declare function sessionOf(request: Request): { readonly id: string } | null;
type TokenEndpointOptions = import('vodrop/server').TokenEndpointOptions;
declare function isPublished(mediaId: string | undefined): Promise<boolean>;
declare function readSession(request: Request): Promise<{ readonly id: string } | null>;
declare function navigate(to: string): void;
declare function render(node: import('react').ReactNode): void;
declare const Routes: () => import('react').ReactNode;
declare function env(name: string): string;
declare const where: { endpoint: string; provider: string };
declare const MyStatus: any, MyTotal: any, MyPlayer: any;
`;

/** Templates of other frameworks read as those of React. */
const elementInJsx = `
import 'react';
declare module 'react' {
  namespace JSX {
    interface IntrinsicElements {
      'vodrop-uploader': {
        endpoint: string;
        provider: string;
        'on:vodrop-ready': (event: { detail: any }) => void;
      };
    }
  }
}
`;

const guides = readdirSync(path.join(root, 'storybook/guides'))
  .filter((name) => name.endsWith('.mdx') && !/^(reference|provider)-/.test(name))
  .map((name) => `storybook/guides/${name}`);
const documents = ['README.md', ...guides, ...generated().keys()];

/** Pages that are made when the documentation is built. */
function generated() {
  return new Map(providers.map((provider) => [`${provider.id}.generated`, providerPage(provider)]));
}

function blocksOf(document) {
  const text = generated().get(document) ?? readFileSync(path.join(root, document), 'utf8');
  return [...text.matchAll(/^```(\w+)\n(.*?)^```$/gms)].map(([, language, code]) => ({ language, code }));
}

/** As a file of its own: what is left out of options by `…` is there, and `export` makes a module of a fragment. */
const asModule = (code) => `${code.replaceAll(/^ *\/\/ …$/gm, '...rest,')}\nexport {};\n`;

function sourcesIn(languages) {
  return new Map(
    documents.flatMap((document) =>
      blocksOf(document)
        .filter(({ language }) => languages.includes(language))
        .map(({ language, code }, i) => [
          path.join(root, 'src', `${document.replaceAll(/\W/g, '-')}-${i}.${language}`),
          asModule(code),
        ]),
    ),
  );
}

it('compiles the TypeScript of README, guides and pages of providers', { timeout: 180_000 }, () => {
  const sources = sourcesIn(['ts', 'tsx']);
  expect(sources.size).toBeGreaterThan(45);
  expect(problemsOf(sources, { strict: true })).toEqual([]);
});

it('compiles the JavaScript of README and guides', { timeout: 180_000 }, () => {
  // That of the guide about deployment runs in its frameworks, whose types are not here.
  const sources = sourcesIn(['js', 'jsx']);
  for (const name of sources.keys()) if (name.includes('deployment')) sources.delete(name);
  expect(sources.size).toBeGreaterThan(1);
  expect(problemsOf(sources, { strict: false, allowJs: true, checkJs: true })).toEqual([]);
});

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
  for (const document of [...guides, 'README.md'])
    expect(readFileSync(path.join(root, document), 'utf8')).not.toMatch(/x-user/i);
});

/** What the compiler finds in sources that exist in memory only. */
function problemsOf(sources, strictness) {
  const declarations = path.join(root, 'src/guides-host.d.ts');
  const names = path.join(root, 'src/guides-names.d.ts');
  const jsx = path.join(root, 'src/guides-jsx.d.ts');
  const all = new Map([...sources, [declarations, hostModules], [names, introduced], [jsx, elementInJsx]]);
  const options = {
    ...strictness,
    jsx: ts.JsxEmit.ReactJSX,
    allowImportingTsExtensions: true,
    noEmit: true,
    skipLibCheck: true,
    target: ts.ScriptTarget.ES2023,
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    lib: ['lib.es2023.d.ts', 'lib.dom.d.ts', 'lib.dom.iterable.d.ts'],
    types: ['node'],
    paths: {
      vodrop: [path.join(root, 'src/react/index.ts')],
      'vodrop/locales/*': [path.join(root, 'src/react/locales/*.ts')],
      'vodrop/*': [path.join(root, 'src/*/index.ts')],
    },
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
