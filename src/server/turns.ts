/** Lets the items of a call pass one point in their order, whatever they wait for before it. */
export class Turns<Item> {
  readonly #turns = new Map<Item, { readonly before: Promise<unknown>; readonly pass: () => void }>();

  constructor(items: readonly Item[]) {
    let before: Promise<unknown> = Promise.resolve();
    for (const item of items) {
      const turn = { before, pass: () => {} };
      const passed = new Promise<void>((resolve) => (turn.pass = resolve));
      before = Promise.all([before, passed]);
      this.#turns.set(item, turn);
    }
  }

  /** Resolves when all items before this one have passed. */
  async wait(item: Item): Promise<void> {
    await this.#turns.get(item)?.before;
  }

  /** The item is past the point, or will never come to it. */
  pass(item: Item): void {
    this.#turns.get(item)?.pass();
  }
}
