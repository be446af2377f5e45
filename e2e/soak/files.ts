import { createHash } from 'node:crypto';
import { rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Random } from './random.js';

export interface SoakFile {
  readonly name: string;
  readonly path: string;
  readonly md5Hex: string;
  readonly provider: string;
  /** The test plan canceled the upload. */
  isCanceled: boolean;
  /** "Cancel" was clicked. A click that is reported as late may have been heard nevertheless. */
  mayBeCanceled: boolean;
  /** The widget has shown the file as ready at least once. */
  wasReady: boolean;
  /** The number of times that the file was selected again. */
  givenAgain: number;
}

/** The head of an MP4, so that the widget accepts the file as a video. The rest need not be playable. */
const head = Buffer.from([0, 0, 0, 24, ...Buffer.from('ftypisom'), 0, 0, 2, 0, ...Buffer.from('isomiso2')]);

export class Files {
  readonly all: SoakFile[] = [];
  readonly #directory: string;
  readonly #random: Random;

  constructor(directory: string, random: Random) {
    this.#directory = directory;
    this.#random = random;
  }

  make(provider: string): SoakFile {
    // Below the limit for copies in the browser, between that limit and one part, and several parts.
    const size = this.#random.weighted({ small: 4, middle: 1, large: 5 });
    const sizeBytes = {
      small: () => this.#random.between(50_000, 4_000_000),
      middle: () => this.#random.between(10_100_000, 12_000_000),
      large: () => this.#random.between(16_000_000, 30_000_000),
    }[size]();
    const name = `${provider}-${this.all.length + 1}.mp4`;
    const bytes = Buffer.concat([head, this.#random.bytes(sizeBytes)]);
    const file: SoakFile = {
      name,
      path: path.join(this.#directory, name),
      md5Hex: createHash('md5').update(bytes).digest('hex'),
      provider,
      isCanceled: false,
      mayBeCanceled: false,
      wasReady: false,
      givenAgain: 0,
    };
    writeFileSync(file.path, bytes);
    this.all.push(file);
    return file;
  }

  of(provider: string): SoakFile[] {
    return this.all.filter((file) => file.provider === provider);
  }

  find(name: string): SoakFile | undefined {
    return this.all.find((file) => file.name === name);
  }

  remove(): void {
    for (const file of this.all) rmSync(file.path, { force: true });
  }
}
