import { readdirSync } from 'node:fs';
import path from 'node:path';
import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import type { Plugin, UserConfig } from 'vite';
import { minify } from 'vite';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';
import { localCloud } from './src/demo/local-cloud.js';

const entry = (file: string) => path.resolve(import.meta.dirname, 'src', file);

/** Each language is an entry of its own: `vodrop/locales/zh-cn`. */
const locales = Object.fromEntries(
  readdirSync(entry('react/locales'))
    .filter((file) => file.endsWith('.ts'))
    .map((file) => [`locales/${path.parse(file).name}`, entry(`react/locales/${file}`)]),
);

/**
 * What several chunks of the engine need is in one chunk each, as a dozen files of half a kilobyte compress badly: what
 * the widget needs, too, what the engine's entry imports, and what the first file needs. No chunk of the engine is loaded
 * without those before it, as already the question to the endpoint comes with the code for the first file.
 */
const sharedChunks = [
  {
    name: 'engine-shared',
    // With the helper by which Vite imports, of which every page has one.
    test: /vite\/preload-helper|src\/engine\/(shared|listeners|polling-pace|report-error|warn-once|effects\/poller|retry\/(abort|clock))\.ts$/,
    priority: 3,
  },
  chunkOf('engine-core', 'engine/index.ts', 2, /src\/(engine\/|protocol\/part-size)/),
  chunkOf('engine-work', 'engine/first-file.ts', 1, /src\/(engine\/|protocol\/part-size)/),
  {
    // What the drop zone needs and later chunks need, too.
    name: 'widget-shared',
    test: /src\/react\/(context|format\/(format|isolate|time-left|split-name|clock-time|parse-size|text-limit)|messages\/(fill|overlay)|stores\/(deferred|snapshot-index|pending-ends)|components\/(icon-shape|lazy-part)|hooks\/(use-root|row-rules|use-uploads|use-uploader)|files\/(read-drag|items|pick-files|system-names)|trim\/can-trim)\.tsx?$/,
  },
];

const ofWidget = /src\/react\/(?!locales|messages\/(en|en-errors|complete-words|overlay)\.)/;

/**
 * What the widget's entry imports is one chunk, and what its list imports beside that is another, though later chunks need
 * half of them, too: thirty small chunks compress badly. Languages need some of the words, and are loaded by themselves.
 */
const widgetChunks = [
  chunkOf('widget', 'react/index.ts', 1, ofWidget),
  chunkOf('list', 'react/components/lazy-chunk.ts', 0, ofWidget),
];

function chunkOf(name: string, file: string, priority: number, test: RegExp) {
  return {
    debugName: name,
    priority,
    test,
    name: (id: string, modules: ModuleInfos) =>
      id !== entry(file) && importedBy(file, modules).has(id) ? name : null,
  };
}

interface ModuleInfos {
  getModuleInfo(id: string): { importedIds: readonly string[] } | null;
}

/** The file, what it imports, and what that imports. */
function importedBy(file: string, modules: ModuleInfos): ReadonlySet<string> {
  const found = new Set([entry(file)]);
  for (const one of found) for (const next of modules.getModuleInfo(one)?.importedIds ?? []) found.add(next);
  return found;
}

/** The npm package: ES modules for the host's bundler. */
const library: UserConfig = {
  publicDir: false,
  base: './',
  // Tailwind for the style sheet that the element has in its code.
  plugins: [react(), tailwindcss(), plainWorkerUrl(), oneMediaWorker(), smallPackages()],
  build: {
    outDir: 'dist',
    emptyOutDir: false,
    target: 'es2022',
    minify: false,
    lib: {
      entry: {
        ...locales,
        testing: entry('testing/index.ts'),
        index: entry('react/index.ts'),
        element: entry('element/index.ts'),
        engine: entry('engine/index.ts'),
        server: entry('server/index.ts'),
        sandbox: entry('sandbox/index.ts'),
        cli: entry('cli/index.ts'),
      },
      formats: ['es'],
    },
    rollupOptions: {
      // The rest is bundled, so that hosts install only what they share with vodrop: React and its queries; and jose,
      // whose fixes must reach a server without a release of vodrop.
      external: [/^node:/, /^(react|react-dom|@tanstack\/react-query|jose)($|\/)/],
      output: {
        chunkFileNames: 'chunks/[name]-[hash].js',
        // What exports do is in the declarations.
        comments: { jsdoc: false },
        codeSplitting: { groups: [...sharedChunks, ...widgetChunks] },
      },
    },
  },
  // Bundlers copy workers as they are, so they must be whole, small, and under names that stay.
  worker: { format: 'es', rollupOptions: { output: { entryFileNames: '[name].js', minify: true } } },
};

/**
 * Takes out of the styles what no supported browser needs. Tailwind wraps each `color-mix` of a variable in `@supports`,
 * after a plain color for browsers without it: those that know `oklch`, which the tokens need, mix colors too (Chromium
 * since 111, Firefox since 113, Safari since 16.2). Lightning CSS adds variables for `light-dark()`, which is not used.
 */
const leanStyles: Plugin = {
  name: 'lean-styles',
  enforce: 'pre',
  transform: (code, id) =>
    /\.css(\?|$)/.test(id)
      ? code.replace(/@supports \(color:color-mix\(in lab, ?red, ?red\)\)\{((?:[^{}]*\{[^{}]*\})+)\}/g, '$1')
      : undefined,
  generateBundle: (_, bundle) => {
    for (const file of Object.values(bundle))
      if (file.type === 'asset' && file.fileName.endsWith('.css'))
        file.source = file.source.toString().replace(/--lightningcss-(light|dark):(initial| );/g, '');
  },
};

/** The element for pages without a bundler: one file with React, and chunks and the worker beside it. */
const standalone: UserConfig = {
  publicDir: false,
  base: './',
  plugins: [react(), tailwindcss(), leanStyles],
  build: {
    outDir: 'dist/cdn',
    emptyOutDir: true,
    target: 'es2022',
    modulePreload: false,
    rollupOptions: {
      input: entry('element/index.ts'),
      preserveEntrySignatures: 'strict',
      output: {
        entryFileNames: 'vodrop.js',
        chunkFileNames: 'chunks/[name]-[hash].js',
        assetFileNames: '[name][extname]',
        codeSplitting: { groups: sharedChunks },
      },
    },
  },
  worker: library.worker,
};

const styles: UserConfig = {
  publicDir: false,
  plugins: [tailwindcss(), leanStyles],
  build: {
    outDir: 'dist',
    emptyOutDir: false,
    rollupOptions: { input: entry('react/styles.css'), output: { assetFileNames: 'styles.css' } },
  },
};

const demo: UserConfig = {
  plugins: [react(), tailwindcss(), localCloud()],
  build: { outDir: 'dist-demo', emptyOutDir: true, target: 'es2022' },
  server: { host: '127.0.0.1' },
};

/** Without times of an earlier run Vitest begins with the largest files; the simulation is small, and takes longest. */
class SimulationFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const isSimulation = ({ moduleId }: TestSpecification) => moduleId.endsWith('/simulation.test.ts');
    const sorted = await super.sort(files);
    return [...sorted.filter(isSimulation), ...sorted.filter((file) => !isSimulation(file))];
  }
}

const unitTests = {
  plugins: [react()],
  test: {
    include: ['src/**/*.test.{ts,tsx}', 'scripts/**/*.test.mjs'],
    // Only component tests need a document; they say so in their first line.
    environment: 'node',
    setupFiles: ['scripts/unit-setup.mjs'],
    restoreMocks: true,
    sequence: { sequencer: SimulationFirst },
    // Vitest leaves one core to its own process, which is idle while the tests run.
    maxWorkers: '100%',
    // Nothing here is timed; a busy machine may take its time.
    testTimeout: 30_000,
    hookTimeout: 30_000,
  },
};

export default defineConfig(({ mode }) => {
  switch (mode) {
    case 'library':
      return library;
    case 'standalone':
      return standalone;
    case 'styles':
      return styles;
    case 'test':
      return unitTests;
    default:
      return demo;
  }
});

/** The media worker is large, and whole: the package has it once, beside the script tag, whose folder is served alone. */
function oneMediaWorker(): Plugin {
  return {
    name: 'vodrop:one-media-worker',
    enforce: 'post',
    generateBundle(_options, bundle) {
      if (!bundle['media-worker.js']) this.error('media-worker.js is not in the bundle');
      delete bundle['media-worker.js'];
      for (const chunk of Object.values(bundle))
        if (chunk.type === 'chunk')
          chunk.code = chunk.code.replace(/(new URL\("[./]*)(media-worker\.js")/, '$1cdn/$2');
    },
  };
}

/** Chunks that have nothing of ours are not read in a host's debugger, and are half of the package. */
function smallPackages(): Plugin {
  return {
    name: 'vodrop:small-packages',
    enforce: 'post',
    async generateBundle(_options, bundle) {
      for (const chunk of Object.values(bundle)) {
        if (chunk.type !== 'chunk' || chunk.moduleIds.some((id) => id.startsWith(entry('')))) continue;
        if (!chunk.moduleIds.some((id) => id.includes('node_modules'))) continue;
        const { code, errors } = await minify(chunk.fileName, chunk.code, { module: true });
        const [error] = errors;
        if (error) this.error(error.message);
        chunk.code = code;
      }
    },
  };
}

/**
 * The address of each worker is in the one form that every bundler knows, `new URL('./x', import.meta.url)`. This
 * makes it an object that evaluates it on use: in formats without `import.meta` that fails, and must not keep the
 * rest from loading.
 */
function plainWorkerUrl(): Plugin {
  const address = /= (new URL\("[./]*(\w+-worker)\.js", import\.meta\.url\)\.href);/;
  return {
    name: 'vodrop:plain-worker-url',
    enforce: 'post',
    generateBundle(_options, bundle) {
      const found = new Set<string>();
      for (const chunk of Object.values(bundle)) {
        if (chunk.type !== 'chunk') continue;
        chunk.code = chunk.code.replace(address, (_all, url: string, name: string) => {
          found.add(name);
          return `= { toString: () => ${url} };`;
        });
      }
      for (const name of ['part-worker', 'media-worker'])
        if (!found.has(name)) this.error(`the address of ${name}.js was not found in the form expected`);
    },
  };
}
