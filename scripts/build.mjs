// Builds the package: its entries, the worker, one style sheet, types, notices. Fails if a size exceeds its budget.
import { copyFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { build } from 'vite';
import { root } from './install.mjs';
import { writeElementTypes } from './element-types.mjs';
import { writeManifest } from './manifest.mjs';
import { writeNotices } from './notices.mjs';
import { checkSizes } from './size.mjs';
import { writeTypes } from './types.mjs';

process.env.NODE_ENV = 'production';
rmSync(path.join(root, 'dist'), { recursive: true, force: true });
const outputs = [
  await build({ root, mode: 'library', logLevel: 'warn' }),
  await build({ root, mode: 'standalone', logLevel: 'warn' }),
].flat();
await build({ root, mode: 'styles', logLevel: 'warn' });
await writeTypes();
writeElementTypes();
// TypeScript 6 requires types for `import 'vodrop/styles.css'` as well.
writeFileSync(path.join(root, 'dist/types/styles.css.d.ts'), 'export {};\n');
copyFileSync(path.join(root, 'src/protocol/openapi.json'), path.join(root, 'dist/openapi.json'));
writeManifest();
writeNotices(outputs);
await checkSizes();
