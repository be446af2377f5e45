import { execFileSync } from 'node:child_process';
import path from 'node:path';

/** Builds the demo once, before the first worker serves it. */
export default function buildDemo(): void {
  const root = path.join(import.meta.dirname, '..', '..');
  execFileSync(process.execPath, [path.join(root, 'scripts', 'start.mjs'), '--build'], {
    cwd: root,
    stdio: 'inherit',
  });
}
