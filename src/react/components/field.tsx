import { useImperativeHandle, type ReactNode, type Ref } from 'react';
import type { AddItem, AddResult, Uploader } from '../../engine/index.js';
import { useWidget } from '../context.js';
import { useField, type FieldSettings } from '../hooks/use-field.js';
import { useRoot } from '../hooks/use-root.js';

/** What `ref` of an `<Uploader>` holds. */
export interface UploaderHandle {
  /** The root element of the widget. */
  readonly element: HTMLElement | null;
  /** Moves the focus to "Choose videos", as form libraries do for the first field with an error. */
  focus(): void;
  /** "Choose videos", where the widget shows it. */
  readonly button: HTMLElement | null;
  /** Opens the system's file dialog. Browsers allow it in an event of the person's only. */
  open(): void;
  /** Adds files as if they had been dropped. */
  addFiles(files: Iterable<AddItem>): Promise<AddResult>;
  /** The engine. */
  readonly uploader: Uploader;
}

/** Props that make an `<Uploader>` a field of a form. */
export interface FieldProps extends FieldSettings {
  /** Submits the media ids with the form around, each as one entry of this name. */
  name?: string;
  /** The browser submits the form around only once there is a media id. */
  required?: boolean;
  /** Called when the focus leaves the widget. */
  onBlur?: () => void;
  ref?: Ref<UploaderHandle>;
}

/** The field's part of a form: an entry for each media id, and the input that the browser checks and points at. */
export function Field({
  name,
  required = false,
  handle,
  ...settings
}: Pick<FieldProps, 'name' | 'required' | 'value' | 'onChange'> & {
  handle: Ref<UploaderHandle> | undefined;
}): ReactNode {
  const { uploader, addFiles, isDisabled, messages } = useWidget();
  const root = useRoot();
  const ids = useField(uploader, settings, root);
  const find = (selector: string) => root.current?.querySelector<HTMLElement>(selector) ?? null;
  const focus = () => {
    (find('.vd-pick:not([disabled])') ?? find('[data-vodrop="dropzone"]'))?.focus();
  };
  useImperativeHandle(handle, () => ({
    get element() {
      return root.current;
    },
    get button() {
      return find('.vd-pick');
    },
    focus,
    open: () => (find('.vd-pick') ?? find('input[type="file"]'))?.click(),
    addFiles: (files) => addFiles([...files]),
    uploader,
  }));
  return (
    <>
      {name !== undefined &&
        !isDisabled &&
        ids.map((id) => <input key={id} type="hidden" name={name} value={id} />)}
      {required && (
        // Hidden inputs are not checked by browsers; one that cannot be seen is, as long as it can take the focus.
        <input
          type="text"
          className="vd-hidden"
          aria-label={messages.dropzoneLabel}
          tabIndex={-1}
          required
          disabled={isDisabled}
          value={ids.join(' ')}
          onChange={() => {}}
          onFocus={focus}
        />
      )}
    </>
  );
}
