/**
 * Makes one call of what several items of a batch ask for. The call is made when each of them has asked or will not ask
 * any more.
 */
export class Gathering<Item, Result> {
  readonly #work: (items: readonly Item[]) => Promise<readonly Result[]>;
  readonly #asked: { readonly item: Item; readonly resolve: (result: Promise<Result>) => void }[] = [];
  #awaited: number;

  constructor(count: number, work: (items: readonly Item[]) => Promise<readonly Result[]>) {
    this.#awaited = count;
    this.#work = work;
  }

  /** The ticket of one that takes part: it asks once, or leaves. */
  join(): Participant<Item, Result> {
    let isCounted = false;
    const count = () => {
      if (isCounted) return;
      isCounted = true;
      this.#awaited -= 1;
      if (this.#awaited === 0) this.#call();
    };
    return {
      ask: (item) =>
        new Promise<Result>((resolve) => {
          this.#asked.push({ item, resolve });
          count();
        }),
      leave: count,
    };
  }

  #call(): void {
    if (this.#asked.length === 0) return;
    const asked = this.#asked;
    const results = this.#work(asked.map(({ item }) => item));
    asked.forEach(({ resolve }, index) => {
      resolve(
        results.then((all) => {
          if (index >= all.length) throw new Error('A provider left a link out.');
          return all[index] as Result;
        }),
      );
    });
  }
}

export interface Participant<Item, Result> {
  ask(item: Item): Promise<Result>;
  /** Does nothing after `ask`. */
  leave(): void;
}
