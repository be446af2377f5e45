import { warnOnce } from '../../engine/shared.js';
import type { SourceName } from '../source-name.js';

const names: readonly string[] = ['device', 'link', 'camera', 'screen'] satisfies SourceName[];

/** The names that the host gave, in its order; a warning for the developer about each that there is none of. */
export function readSources(given: string): readonly SourceName[] {
  const list = given.split(',').map((name) => name.trim());
  const unknown = list.filter((name) => !names.includes(name));
  if (unknown.length)
    warnOnce(
      `sources: there is no ${unknown.map((name) => `"${name}"`).join(', ')}; it takes ${names.join(', ')}.`,
    );
  return [...new Set(list)].filter((name): name is SourceName => names.includes(name));
}
