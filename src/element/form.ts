/** The form's side of the element: what it submits and whether it may. */
export class FormField {
  readonly #host: HTMLElement;
  readonly #internals: ElementInternals | undefined;
  #customMessage = '';

  constructor(host: HTMLElement) {
    this.#host = host;
    // Safari before 16.4 has none: there the element works, but is no field.
    this.#internals = (host as { attachInternals?: () => ElementInternals }).attachInternals?.call(host);
  }

  get form(): HTMLFormElement | null {
    return this.#internals?.form ?? null;
  }

  get labels(): NodeList | undefined {
    return this.#internals?.labels;
  }

  get validity(): ValidityState | undefined {
    return this.#internals?.validity;
  }

  get validationMessage(): string {
    return this.#internals?.validationMessage ?? '';
  }

  get willValidate(): boolean {
    return this.#internals?.willValidate ?? false;
  }

  checkValidity(): boolean {
    return this.#internals?.checkValidity() ?? true;
  }

  reportValidity(): boolean {
    return this.#internals?.reportValidity() ?? true;
  }

  setCustomValidity(message: string): void {
    this.#customMessage = message;
  }

  /** @param anchor where the browser puts its message. */
  update(
    mediaIds: readonly string[],
    { name, isRequired, anchor }: { name: string; isRequired: boolean; anchor: HTMLElement | undefined },
  ): void {
    const data = new FormData();
    if (name) for (const id of mediaIds) data.append(name, id);
    this.#internals?.setFormValue(name ? data : null, JSON.stringify(mediaIds));
    const flags = {
      customError: this.#customMessage !== '',
      valueMissing: isRequired && mediaIds.length === 0,
    };
    if (!flags.customError && !flags.valueMissing) this.#internals?.setValidity({});
    else this.#internals?.setValidity(flags, this.#customMessage || missingMessage(), anchor ?? this.#host);
  }
}

/** The browser's own words, in the browser's language, for a field that has to be filled in. */
function missingMessage(): string {
  const input = document.createElement('input');
  input.type = 'file';
  input.required = true;
  return input.validationMessage || 'Please choose a file.';
}
