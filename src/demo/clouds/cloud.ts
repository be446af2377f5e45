import type { RunningSandbox } from '../../sandbox/index.js';
import type { Provider } from '../../server/index.js';

/** Makes a provider of what is in the environment, or of the sandbox where nothing is. */
export type Cloud = (env: Readonly<Record<string, string | undefined>>, sandbox: RunningSandbox) => Provider;
