import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Readable } from 'node:stream';

const driverPath = '/usr/bin/WebKitWebDriver';
const screenPath = '/usr/bin/Xvfb';
const browserPath = `/usr/lib/${process.arch === 'arm64' ? 'aarch64' : 'x86_64'}-linux-gnu/webkit2gtk-4.1/MiniBrowser`;

/** Of WebDriver, for keys that have no character. */
const keyCodes: Record<string, string> = {
  Shift: '\uE008',
  Tab: '\uE004',
  Enter: '\uE007',
  Escape: '\uE00C',
  Space: ' ',
  End: '\uE010',
  Home: '\uE011',
  ArrowUp: '\uE013',
  ArrowDown: '\uE015',
  Delete: '\uE017',
  F2: '\uE032',
};

/** The reason why tests in the stock WebKit cannot run, or undefined. */
export function webKitProblem(): string | undefined {
  const missing = [driverPath, screenPath, browserPath].filter((file) => !existsSync(file));
  return missing.length > 0
    ? `WebKitGTK is not installed (${missing.join(', ')}); apt-get install webkit2gtk-driver xvfb`
    : undefined;
}

/** The stock WebKitGTK, by plain WebDriver, because Playwright cannot drive it. */
export class WebKitBrowser {
  readonly #home = mkdtempSync(path.join(tmpdir(), 'vodrop-webkit-'));
  readonly #processes: ChildProcess[] = [];
  #origin = '';
  #session = '';

  async start(): Promise<void> {
    const screen = spawn(screenPath, ['-displayfd', '3', '-screen', '0', '1280x900x24', '-nolisten', 'tcp'], {
      stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
    });
    this.#processes.push(screen);
    const display = await firstLine(screen.stdio[3] as Readable);
    const port = await freePort();
    this.#origin = `http://127.0.0.1:${port}`;
    this.#processes.push(
      spawn(driverPath, [`--port=${port}`, '--host=127.0.0.1'], {
        stdio: 'ignore',
        // The driver gets its own process group, so that the browser ends with it.
        detached: true,
        env: {
          PATH: process.env['PATH'],
          HOME: this.#home,
          XDG_RUNTIME_DIR: this.#home,
          DISPLAY: `:${display}`,
          DBUS_SESSION_BUS_ADDRESS: 'disabled:',
        },
      }),
    );
    await this.#untilUp();
    const options = { binary: browserPath, args: ['--automation'] };
    const { sessionId } = await this.#call<{ sessionId: string }>('POST', '/session', {
      capabilities: { alwaysMatch: { 'webkitgtk:browserOptions': options } },
    });
    this.#session = `/session/${sessionId}`;
    await this.#call('POST', `${this.#session}/timeouts`, {
      script: 30_000,
      pageLoad: 30_000,
      implicit: 15_000,
    });
  }

  async open(url: string): Promise<void> {
    await this.#call('POST', `${this.#session}/url`, { url });
  }

  async reload(): Promise<void> {
    await this.#call('POST', `${this.#session}/refresh`, {});
  }

  /** Presses keys one after the other, as `Tab` or `Shift+Tab`; the page has the focus. */
  async press(...strokes: string[]): Promise<void> {
    const actions = strokes.flatMap((stroke) => {
      const names = stroke.split('+');
      const keys = names.map((name) => keyCodes[name] ?? name);
      return [
        ...keys.map((value) => ({ type: 'keyDown', value })),
        ...keys.reverse().map((value) => ({ type: 'keyUp', value })),
      ];
    });
    await this.#call('POST', `${this.#session}/actions`, {
      actions: [{ type: 'key', id: 'keyboard', actions }],
    });
  }

  /** Opens a page in a frame of that width, where everything else then happens: the window has a minimum. */
  async openNarrow(url: string, width: number): Promise<void> {
    await this.evaluate(
      (src, frameWidth) => {
        const frame = document.createElement('iframe');
        Object.assign(frame, { src, width: frameWidth, height: 640 });
        document.body.replaceChildren(frame);
        return new Promise((resolve) => frame.addEventListener('load', resolve, { once: true }));
      },
      url,
      width,
    );
    await this.#call('POST', `${this.#session}/frame`, { id: 0 });
  }

  /** Sets the files as a file dialog does. */
  async choose(selector: string, ...files: string[]): Promise<void> {
    const element = await this.#call<Record<string, string>>('POST', `${this.#session}/element`, {
      using: 'css selector',
      value: selector,
    });
    await this.#call('POST', `${this.#session}/element/${Object.values(element)[0]}/value`, {
      text: files.join('\n'),
    });
  }

  /** Runs `work` in the page; the function may use only its arguments. */
  async evaluate<Result, Given extends unknown[]>(
    work: (...given: Given) => Result,
    ...given: Given
  ): Promise<Result> {
    return this.#call('POST', `${this.#session}/execute/sync`, {
      script: `return (${work.toString()})(...arguments)`,
      args: given,
    });
  }

  async close(): Promise<void> {
    await this.#call('DELETE', this.#session).catch(() => {
      /* The process group is ended below in any case. */
    });
    for (const { pid, kill } of this.#processes.map((child) => ({
      pid: child.pid,
      kill: () => child.kill('SIGKILL'),
    }))) {
      try {
        if (pid !== undefined) process.kill(-pid, 'SIGKILL');
      } catch {
        // The process is not the leader of a group.
        kill();
      }
    }
    rmSync(this.#home, { recursive: true, force: true, maxRetries: 5 });
  }

  async #untilUp(): Promise<void> {
    for (let tries = 0; ; tries += 1) {
      try {
        await this.#call('GET', '/status');
        return;
      } catch (error) {
        if (tries >= 100) throw error;
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    }
  }

  async #call<Value>(method: string, command: string, body?: unknown): Promise<Value> {
    const response = await fetch(`${this.#origin}${command}`, {
      method,
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(60_000),
    });
    const { value } = (await response.json()) as { value: Value & { error?: string; message?: string } };
    if (!response.ok) throw new Error(`WebDriver ${method} ${command}: ${value.error}: ${value.message}`);
    return value;
  }
}

function firstLine(stream: Readable): Promise<string> {
  return new Promise((resolve) =>
    stream.once('data', (data: Buffer) => {
      resolve(data.toString().trim());
    }),
  );
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => {
        resolve(typeof address === 'object' && address ? address.port : 0);
      });
    });
  });
}
