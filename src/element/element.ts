import { createElement } from 'react';
import type { AddResult, Uploader } from '../engine/index.js';
import type { UploaderHandle, UploaderProps } from '../react/index.js';
import { ElementWithProperties, propertyNames } from './base.js';
import { FormField } from './form.js';
import { nameParts } from './parts.js';
import type { VodropFiles, VodropUploaderEventMap } from './properties.js';
import { addStyles } from './styles.js';
import { HostNode, Widget } from './widget.js';

/** Properties of the element that are not props of the widget, or under another name. */
const ownProperties: ReadonlySet<string> = new Set([
  'noShadow',
  'name',
  'required',
  'filterFiles',
  'signIn',
  'renderPlayer',
]);

type EventName = keyof VodropUploaderEventMap;

/**
 * `<vodrop-uploader>`: the whole widget as an element, for pages without React. In a shadow root by default;
 * `no-shadow` renders it into the element itself. It is a field of the form around: its value is the media id.
 *
 * @example
 * ```html
 * <vodrop-uploader endpoint="/api/uploads" provider="huawei-vod" name="video" required></vodrop-uploader>
 * ```
 */
export class VodropUploaderElement extends ElementWithProperties {
  static readonly formAssociated = true;

  readonly #field = new FormField(this);
  #widget: Widget | undefined;
  #handle: UploaderHandle | null = null;
  /** Calls that came before the widget. */
  readonly #waiting: ((handle: UploaderHandle) => void)[] = [];
  #ids: readonly string[] | undefined;
  #isFormDisabled = false;
  #isRendering = false;
  #hasJustLostFocus = false;
  #children: MutationObserver | undefined;
  #stopNaming: (() => void) | undefined;

  /** Media ids of the uploads that the cloud has, and those that were given. */
  get mediaIds(): readonly string[] {
    return this.#ids ?? this.#defaultIds;
  }

  set mediaIds(ids: readonly string[]) {
    this.#ids = [...ids];
    this.propertiesChanged();
  }

  /** The media id; several are separated by commas. */
  get value(): string {
    return this.mediaIds.join(',');
  }

  set value(value: string | null | undefined) {
    this.mediaIds = idsIn(value);
  }

  /** The engine: its snapshot, and every command; undefined until the element is in a document. */
  get uploader(): Uploader | undefined {
    return this.#handle?.uploader;
  }

  /** The form around. */
  get form(): HTMLFormElement | null {
    return this.#field.form;
  }

  get labels(): NodeList | undefined {
    return this.#field.labels;
  }

  get type(): string {
    return this.localName;
  }

  get validity(): ValidityState | undefined {
    return this.#field.validity;
  }

  get validationMessage(): string {
    return this.#field.validationMessage;
  }

  get willValidate(): boolean {
    return this.#field.willValidate;
  }

  checkValidity(): boolean {
    return this.#field.checkValidity();
  }

  reportValidity(): boolean {
    return this.#field.reportValidity();
  }

  setCustomValidity(message: string): void {
    this.#field.setCustomValidity(message);
    this.#updateField();
  }

  /** Adds files as if they had been dropped. */
  async addFiles(files: VodropFiles): Promise<AddResult> {
    const items = [...files];
    return (await this.#mounted()).addFiles(items);
  }

  /** Opens the system's file dialog; browsers allow it in an event of the person's only. */
  open(): void {
    this.#handle?.open();
  }

  /** Begins uploads that wait for it; without an id, all of them. */
  start(id?: string): void {
    this.uploader?.start(id);
  }

  pauseAll(): void {
    this.uploader?.pauseAll();
  }

  resumeAll(): void {
    this.uploader?.resumeAll();
  }

  cancelAll(): void {
    this.uploader?.cancelAll();
  }

  retryAll(): void {
    this.uploader?.retryAll();
  }

  /** Takes away the rows of all uploads that have ended. */
  removeAll(): void {
    this.uploader?.removeAll();
  }

  override focus(): void {
    if (!this.#hasJustLostFocus) this.#handle?.focus();
  }

  connectedCallback(): void {
    this.upgradeProperties(['value', 'mediaIds']);
    if (this.#widget) return;
    const container = this.#container();
    this.#widget = new Widget(container);
    if (container instanceof ShadowRoot) this.#stopNaming = nameParts(container);
    this.#children = new MutationObserver(() => this.propertiesChanged());
    this.#children.observe(this, { childList: true, attributeFilter: ['slot'], subtree: true });
    this.addEventListener('click', this.#focusFromLabel);
    this.#render();
  }

  disconnectedCallback(): void {
    // An element that is moved is connected again at once: it keeps its widget.
    queueMicrotask(() => {
      if (this.isConnected) return;
      this.removeEventListener('click', this.#focusFromLabel);
      this.#children?.disconnect();
      this.#stopNaming?.();
      // Uploads that are under way go on; the next element of the same endpoint, provider and scope shows them.
      this.#widget?.unmount();
      this.#widget = undefined;
    });
  }

  /** With it, `moveBefore` disconnects nothing. */
  connectedMoveCallback(): void {
    // The widget stays as it is.
  }

  attributeChangedCallback(): void {
    this.propertiesChanged();
  }

  formDisabledCallback(isDisabled: boolean): void {
    this.#isFormDisabled = isDisabled;
    this.propertiesChanged();
  }

  formResetCallback(): void {
    for (const { id, owner } of this.uploader?.getSnapshot().uploads ?? [])
      if (owner === 'this') this.uploader?.remove(id);
    this.uploader?.dismissRejections();
    this.#ids = undefined;
    this.propertiesChanged();
  }

  formStateRestoreCallback(state: unknown): void {
    if (typeof state !== 'string') return;
    this.#ids = JSON.parse(state) as readonly string[];
    this.propertiesChanged();
  }

  get #defaultIds(): readonly string[] {
    return idsIn(this.getAttribute('value'));
  }

  /** Renders once for all properties that a framework sets in a row. */
  protected override propertiesChanged(): void {
    if (this.#isRendering || !this.#widget) return;
    this.#isRendering = true;
    queueMicrotask(() => {
      this.#isRendering = false;
      if (this.#widget) this.#render();
    });
  }

  #render(): void {
    const { endpoint, provider } = this;
    this.#updateField();
    if (!endpoint || !provider) return;
    this.#widget?.render({
      props: this.#props(),
      handle: this.#setHandle,
      hasSlots: this.shadowRoot !== null,
      hasOwnZone: this.querySelector(':scope > [slot="dropzone"]') !== null,
    });
  }

  readonly #setHandle = (handle: UploaderHandle | null): void => {
    this.#handle = handle;
    if (!handle) return;
    for (const proceed of this.#waiting.splice(0)) proceed(handle);
    this.#updateField();
  };

  #mounted(): Promise<UploaderHandle> {
    const handle = this.#handle;
    return handle ? Promise.resolve(handle) : new Promise((resolve) => this.#waiting.push(resolve));
  }

  #props(): UploaderProps {
    const settings = propertyNames
      .filter((name) => !ownProperties.has(name))
      .map((name) => [name, this.read(name)] as const)
      .filter(([, value]) => value !== undefined);
    const { renderPlayer } = this;
    return {
      ...Object.fromEntries(settings),
      disabled: this.disabled === true || this.#isFormDisabled,
      value: this.mediaIds,
      required: this.required === true && this.shadowRoot === null,
      onFilesAdded: this.filterFiles,
      onUnauthorized: this.signIn,
      renderPlayer:
        renderPlayer && ((upload) => createElement(HostNode, { host: this, upload, make: renderPlayer })),
      onChange: (mediaIds) => {
        this.#ids = mediaIds;
        this.propertiesChanged();
        this.#updateField();
        this.#send('vodrop-change', { mediaIds });
        for (const type of ['input', 'change'])
          this.dispatchEvent(new Event(type, { bubbles: true, composed: type === 'input' }));
      },
      onRejected: (rejections) => this.#send('vodrop-rejected', { rejections }),
      onUploadStart: (upload) => this.#send('vodrop-start', { upload }),
      onProgress: (upload) => this.#send('vodrop-progress', { upload }),
      onConfirmed: (upload) => this.#send('vodrop-confirmed', { upload }),
      onReady: (upload) => this.#send('vodrop-ready', { upload }),
      onError: (error, upload) => this.#send('vodrop-error', { error, upload }),
    } as UploaderProps;
  }

  #send<Name extends EventName>(name: Name, detail: VodropUploaderEventMap[Name]['detail']): void {
    this.dispatchEvent(new CustomEvent(name, { detail, bubbles: true, composed: true }));
  }

  #updateField(): void {
    this.#field.update(this.mediaIds, {
      name: this.name ?? '',
      // Without a shadow root the widget has an input that the browser checks.
      isRequired: this.required === true && this.shadowRoot !== null,
      anchor: this.#handle?.button ?? undefined,
    });
  }

  /** The shadow root, or a child of the element; with the styles. */
  #container(): ShadowRoot | HTMLElement {
    const { nonce } = this;
    if (this.shadowRoot || this.noShadow !== true) {
      const root = this.shadowRoot ?? this.attachShadow({ mode: 'open', delegatesFocus: true });
      addStyles(root, nonce);
      root.addEventListener('focusout', this.#noteLostFocus);
      return root;
    }
    const root = this.getRootNode();
    if (root instanceof Document || root instanceof ShadowRoot) addStyles(root, nonce);
    const container =
      this.querySelector<HTMLElement>(':scope > [data-vodrop="container"]') ?? document.createElement('div');
    container.dataset.vodrop = 'container';
    this.append(container);
    return container;
  }

  /**
   * When React removes what has the focus, it gives the focus back to what had it in the document, which is this
   * element. The widget moves it to the next row instead.
   */
  readonly #noteLostFocus = (event: Event): void => {
    if ((event as FocusEvent).relatedTarget !== null) return;
    this.#hasJustLostFocus = true;
    queueMicrotask(() => {
      this.#hasJustLostFocus = false;
    });
  };

  /** A click on a label arrives here as a click on the element itself. */
  readonly #focusFromLabel = (event: Event): void => {
    if (event.composedPath()[0] === this) this.focus();
  };
}

function idsIn(value: string | null | undefined): readonly string[] {
  return (value ?? '').split(',').filter((id) => id !== '');
}
