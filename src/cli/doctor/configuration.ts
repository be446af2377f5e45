import { existsSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Provider, TokenEndpointOptions } from '../../server/index.js';

/** What the doctor uses of the options of `createTokenEndpoint`. */
export type Configuration = Pick<TokenEndpointOptions, 'providers' | 'allowedOrigins'> & {
  /** May be missing: that is a finding, not a fault of the module. */
  readonly secret?: TokenEndpointOptions['secret'];
};

/**
 * The default export of a module: the options of `createTokenEndpoint`, or a function that returns them. Throws
 * `TypeError`, with the remedy, where it is something else.
 */
export async function readConfiguration(file: string): Promise<Configuration> {
  const location = path.resolve(file);
  if (!existsSync(location)) throw new TypeError(`There is no file ${file}.`);
  // eslint-disable-next-line no-restricted-syntax -- The module is the caller's own, named on the command line.
  const module = (await import(pathToFileURL(location).href)) as { default?: unknown };
  const given =
    typeof module.default === 'function' ? await (module.default as () => unknown)() : module.default;
  if (!isConfiguration(given))
    throw new TypeError(
      `${file} has to export the options of createTokenEndpoint as its default, or a function that returns them: export default { providers: [...], secret }.`,
    );
  return given;
}

function isConfiguration(value: unknown): value is Configuration {
  const { providers } = (value ?? {}) as { providers?: unknown };
  return Array.isArray(providers) && providers.every(isProvider);
}

function isProvider(value: unknown): value is Provider {
  const { id, start } = (value ?? {}) as { id?: unknown; start?: unknown };
  return typeof id === 'string' && typeof start === 'function';
}
