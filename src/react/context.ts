import { createContext, useContext } from 'react';
import type { AddResult, Restrictions, Uploader } from '../engine/index.js';
import type { Announcer } from './bindings/announcer.js';
import type { Format } from './format/index.js';
import type { FileKind, Messages } from './messages/index.js';

/** What the parts of one widget share. */
export interface WidgetContext {
  readonly uploader: Uploader;
  readonly messages: Messages;
  readonly format: Format;
  readonly restrictions: Restrictions;
  readonly accept: readonly string[];
  readonly kind: FileKind;
  readonly isDisabled: boolean;
  readonly announcer: Announcer;
  /** The one way in for files: asks the host, adds, reports refusals. */
  readonly addFiles: (files: readonly File[]) => Promise<AddResult>;
  /** Lets the host sign the person in, then goes on. */
  readonly signIn: () => void;
}

export const WidgetContext = createContext<WidgetContext | undefined>(undefined);

/** The widget around this component. */
export function useWidget(): WidgetContext {
  const widget = useContext(WidgetContext);
  if (!widget) throw new Error('vodrop: this part has to stand inside <Uploader> or <UploaderProvider>.');
  return widget;
}
