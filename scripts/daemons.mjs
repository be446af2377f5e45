// The common part of the real stores for tests: processes on loopback and data in a directory, all removed at the end.
import { spawn } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { hasCommand } from './browser.mjs';

/**
 * A separate directory for the data of a store, with the processes that `start` adds. `stop` ends the processes and
 * removes the directory. Without `stop`, the processes end with this process, however this process ends.
 */
export function createDaemons(name) {
  const directory = mkdtempSync(path.join(tmpdir(), `vodrop-${name}-`));
  const log = path.join(directory, 'boot.log');
  const daemons = [];

  const stop = () => {
    process.removeListener('exit', stop);
    // The data is deleted, so the processes need no orderly shutdown. The last one ends first, because it logs errors when
    // the others are gone.
    for (const daemon of daemons.splice(0).reverse()) daemon.kill('SIGKILL');
    rmSync(directory, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
  };
  process.once('exit', stop);
  // By default a signal ends the process without its `exit` handlers.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, () => process.exit(1));

  return {
    directory,
    log,
    stop,
    /** Where the system supports it, the daemon ends with this process even if this process is killed. */
    start(command, args, options = {}) {
      const output = openSync(log, 'a');
      const leash = hasCommand('setpriv', '--version') ? ['setpriv', '--pdeathsig', 'KILL'] : [];
      const [program, ...rest] = [...leash, command, ...args];
      const daemon = spawn(program, rest, { ...options, stdio: ['ignore', output, output] });
      closeSync(output);
      daemon.on('error', () => undefined);
      // A daemon alone does not keep this process running.
      daemon.unref();
      daemons.push(daemon);
    },
    /** Resolves as soon as the address answers with success; rejects when a daemon ends, or after a minute. */
    async answering(url) {
      for (let attempt = 0; attempt < 600; attempt++) {
        const dead = daemons.find(({ exitCode, signalCode }) => exitCode !== null || signalCode !== null);
        if (dead)
          throw new Error(
            `${dead.spawnfile} ${dead.spawnargs.slice(0, 4).join(' ')} ended with ${dead.exitCode ?? dead.signalCode}`,
          );
        const response = await fetch(url).catch(() => undefined);
        if (response?.ok) return;
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
      throw new Error(`${url} did not answer within a minute`);
    },
    /** The last lines of the logs of the processes. */
    tail() {
      try {
        return readFileSync(log, 'utf8').split('\n').slice(-12).join('\n');
      } catch {
        return '';
      }
    },
  };
}

/** Prints the settings of a store and keeps the store running until a signal ends this process. */
export async function serve(problem, start) {
  if (problem) {
    console.error(`vodrop: ${problem}`);
    process.exit(1);
  }
  const { env } = await start();
  for (const [name, value] of Object.entries(env)) console.log(`${name}=${value}`);
  // The timer keeps the process running until a signal arrives.
  setInterval(() => undefined, 2 ** 30);
}
