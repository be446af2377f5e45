// Builds one declaration file per entry of the package, including its dependencies, without test support and internals.
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { rollup } from 'rollup';
import { dts } from 'rollup-plugin-dts';
import { root, run } from './install.mjs';

export async function writeTypes() {
  const emitted = mkdtempSync(path.join(tmpdir(), 'vodrop-types-'));
  try {
    run('npx', ['tsc', '--project', 'scripts/tsconfig.types.json', '--outDir', emitted]);
    const bundle = await rollup({
      input: entries(emitted),
      // Style sheets and external packages keep their own types.
      external: (id) => !id.startsWith('.') && !path.isAbsolute(id),
      plugins: [dts()],
    });
    await bundle.write({
      dir: path.join(root, 'dist/types'),
      format: 'es',
      entryFileNames: '[name].d.ts',
      chunkFileNames: 'shared/[name]-[hash].d.ts',
    });
    await bundle.close();
  } finally {
    rmSync(emitted, { recursive: true, force: true });
  }
}

function entries(emitted) {
  const file = (name) => path.join(emitted, `${name}.d.ts`);
  const locales = readdirSync(path.join(root, 'src/react/locales')).map((name) => path.parse(name).name);
  return {
    index: file('react/index'),
    engine: file('engine/index'),
    server: file('server/index'),
    sandbox: file('sandbox/index'),
    testing: file('testing/index'),
    ...Object.fromEntries(locales.map((name) => [`locales/${name}`, file(`react/locales/${name}`)])),
  };
}
