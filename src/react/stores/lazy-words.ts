import { Deferred } from './deferred.js';
import { within } from './within.js';

/** After this the part is shown in English. */
const patienceMs = 10_000;

type Loaders<T> = Record<string, () => Promise<Record<string, T>>>;

/** The words of a part that is loaded on demand, in files of their own: `./words/<tag>.ts`. English comes with the part. */
export class LazyWords<T> {
  readonly english: T;
  readonly #loaders: Loaders<T>;
  readonly #known = new Map<string, Deferred<T>>();

  constructor(english: T, loaders: Loaders<T>) {
    this.english = english;
    this.#loaders = loaders;
  }

  of(language: string): Deferred<T> {
    let words = this.#known.get(language);
    if (!words) this.#known.set(language, (words = new Deferred(() => this.#load(language))));
    return words;
  }

  async #load(language: string): Promise<T> {
    const load = this.#loaders[`./words/${language.toLowerCase()}.ts`];
    try {
      return (load && Object.values(await within(patienceMs, load()))[0]) ?? this.english;
    } catch {
      return this.english;
    }
  }
}
