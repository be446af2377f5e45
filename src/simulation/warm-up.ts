// eslint-disable-next-line import-x/no-restricted-paths -- What is loaded when is no part of the engine's interface.
import { loadChunks } from '../engine/test-support/load-chunks.js';
import { cloudNames } from './clouds.js';
import { simulate } from './world.js';

/**
 * The engine loads parts of itself on first use, which takes real time and no virtual time: on a busy machine hours of
 * virtual time would pass meanwhile. All parts are loaded before; then runs are repeated until nothing is left to load
 * and the same seed gives the same run.
 *
 * @param importsSettled Resolves when no dynamic import is under way. Without it, two runs that both end before the same
 * slow import look equal.
 */
export async function warmUp(importsSettled: () => Promise<void>): Promise<void> {
  await loadChunks();
  for (const cloud of cloudNames) {
    let before: number | undefined;
    for (let attempt = 0; attempt < 20; attempt += 1) {
      const { logHash } = await simulate(7, { cloud, importsSettled });
      if (logHash === before) break;
      before = logHash;
    }
  }
}
