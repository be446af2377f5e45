/** That the focus is to go to "Undo", asked for by who ends something before the button is there. */
export class FocusWish {
  #slot: string | undefined;
  #isSet = false;

  /** `slot`: of the button that was pressed; undefined for a key of the row itself. */
  set(slot: string | undefined): void {
    this.#slot = slot;
    this.#isSet = true;
  }

  /** Once. */
  take(): { readonly slot: string | undefined } | undefined {
    if (!this.#isSet) return undefined;
    this.#isSet = false;
    return { slot: this.#slot };
  }
}
