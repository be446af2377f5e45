import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { build } from 'vite';

const root = path.join(import.meta.dirname, '..', '..');
const dist = path.join(root, 'dist');
const guides = path.join(root, 'storybook', 'guides');

/** A code block of README or a guide. */
export interface Block {
  /** Unique, and the title of its test: the document and the number of the block in it. */
  readonly name: string;
  readonly document: string;
  readonly language: string;
  readonly code: string;
}

export const blocks: readonly Block[] = [
  'README.md',
  ...readdirSync(guides)
    .filter((name) => name.endsWith('.mdx') && !/^(reference|provider)-/.test(name))
    .map((name) => `storybook/guides/${name}`),
].flatMap((file) =>
  Array.from(
    readFileSync(path.join(root, file), 'utf8').matchAll(/^```(\w+)\n(.*?)^```$/gms),
    ([, language = '', code = ''], index) => {
      const document = path.basename(file);
      return { name: `${document} block ${index + 1} (${language})`, document, language, code };
    },
  ),
);

/** What is left out of a fragment because the guide has introduced it, as its reader would fill it in. */
const introduced = `
import * as React from 'react';
import { createRoot } from 'react-dom/client';
import { Uploader, UploaderDock, UploaderProvider } from 'vodrop';
import { createUploader } from 'vodrop/engine';
import 'vodrop/styles.css';
const where = { endpoint: '/api/uploads', provider: 'huawei-vod' };
const user = { id: 'ann' }, lesson = { id: 7 };
const saved = (globalThis.guideSaved = []);
const save = (...values) => void saved.push(values);
const setIds = save;
const navigate = (to) => void history.pushState(null, '', to);
const Routes = () => <Uploader />;
const MyStatus = ({ upload }) => <span>{upload.status}</span>;
const MyTotal = ({ count }) => <span>{count}</span>;
const MyPlayer = ({ id }) => <video data-media-id={id} />;
const show = (node) => createRoot(document.querySelector('#root')).render(node);
`;

/** A block of the engine gets the file that the person chooses, and says on the page when it is ready. */
const engine = (code: string) => `
const input = document.querySelector('#file');
await new Promise((resolve) => input.addEventListener('change', resolve));
const [file] = input.files;
${/\buploader = /.test(code) ? '' : 'const uploader = createUploader(where);'}
${code}
${/uploader\.add/.test(code) ? '' : 'await uploader.add([file]);'}
const state = document.querySelector('#state');
const tell = () => void (state.textContent = uploader.getSnapshot().uploads[0]?.status ?? '');
uploader.subscribe(tell);
tell();
`;

/** The page's own module for a block of TypeScript, which stands in `./<name>.tsx` if it has imports or exports. */
function pageModule({ language, code }: Block, file: string): string {
  if (language === 'ts') return introduced + (/^import /m.test(code) ? code : engine(code));
  if (/^</m.test(code) && !/^(import|export) /m.test(code)) return `${introduced}show(${code.trim()});`;
  return `${introduced}import * as block from './${file}';
const [Shown] = Object.values(block);
show(<Shown />);`;
}

const isModule = ({ code }: Block) => /^export /m.test(code);

/** Builds a module for each block as a host does, with the built package. Answers which file belongs to which block. */
export async function bundle(wanted: readonly Block[], folder: string): Promise<ReadonlyMap<string, string>> {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const names = wanted.map((_, index) => `block-${index}`);
  for (const [index, block] of wanted.entries()) {
    const name = names[index] ?? '';
    if (isModule(block)) writeFileSync(path.join(folder, `${name}-pasted.tsx`), block.code);
    writeFileSync(path.join(folder, `${name}.tsx`), pageModule(block, `${name}-pasted.tsx`));
  }
  await build({
    configFile: false,
    root: folder,
    // That a directive of React is not kept is not a host's concern.
    logLevel: 'error',
    // The development builds of React and vodrop warn of misuse.
    mode: 'development',
    resolve: {
      alias: [
        { find: /^vodrop$/, replacement: path.join(dist, 'index.js') },
        { find: 'vodrop/styles.css', replacement: path.join(dist, 'styles.css') },
        { find: /^vodrop\/(element)$/, replacement: path.join(dist, '$1.js') },
        { find: /^vodrop\/(.+)$/, replacement: path.join(dist, '$1.js') },
      ],
    },
    build: {
      minify: false,
      modulePreload: false,
      rollupOptions: {
        input: Object.fromEntries(names.map((name) => [name, path.join(folder, `${name}.tsx`)])),
        output: { entryFileNames: '[name].js', assetFileNames: '[name][extname]' },
      },
    },
  });
  return new Map(wanted.map(({ name }, index) => [name, `${names[index] ?? ''}.js`]));
}
