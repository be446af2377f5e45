import { createContext, useContext, type ReactNode } from 'react';
import type { AddItem, AddResult, Restrictions, UploadSnapshot, Uploader } from '../engine/index.js';
import type { Announcer } from './stores/announcer.js';
import type { RowFinder } from './stores/row-finder.js';
import type { Format } from './format/index.js';
import type { FileKind, Messages } from './messages/index.js';
import type { ShrinkRule } from './trim/shrink-rule.js';

/** What a host's own form in the details dialog gets to work with. */
export interface DetailsFormProps {
  readonly upload: UploadSnapshot;
  /** The vendor's parameters as they stand in the dialog, saved or not. */
  readonly options: Readonly<Record<string, unknown>>;
  /** Changes some of them. They reach the upload with "Save". */
  readonly setOptions: (options: Readonly<Record<string, unknown>>) => void;
  /** False once the upload has started. */
  readonly isEditable: boolean;
}

/** What the components of one widget share. */
export interface WidgetContext {
  readonly uploader: Uploader;
  readonly messages: Messages;
  readonly format: Format;
  /** Of the words: for `lang`. */
  readonly language: string;
  /** Set where the host chose a language: its direction is then ours. */
  readonly direction: 'ltr' | 'rtl' | undefined;
  /** False while the words of the language are being loaded. */
  readonly hasWords: boolean;
  readonly restrictions: Restrictions;
  readonly accept: readonly string[];
  readonly kind: FileKind;
  readonly isDisabled: boolean;
  /** False: uploads wait for "Start". */
  readonly autoStart: boolean;
  readonly dropTarget: 'zone' | 'page';
  readonly preventStrayDrops: boolean;
  readonly capture: 'user' | 'environment' | undefined;
  /** Names with commas between; '' where the host does not say: files of the device only. */
  readonly sources: string;
  /** Whose recordings are offered. */
  readonly scope: string;
  /** Whose copies these are: an endpoint, a provider, a scope. */
  readonly place: string;
  /** Whether films can be trimmed. */
  readonly trim: boolean;
  /** What becomes of large films. */
  readonly shrink: ShrinkRule | undefined;
  readonly renderDetails: ((props: DetailsFormProps) => ReactNode) | undefined;
  readonly renderPlayer: ((upload: UploadSnapshot) => ReactNode) | undefined;
  readonly announcer: Announcer;
  readonly rows: RowFinder;
  /**
   * The one way in for files: asks the host, adds them, reports rejections. `engine`: of the person, or record, that they
   * belong to, where that is not the present one.
   */
  readonly addFiles: (files: readonly AddItem[], engine?: Uploader) => Promise<AddResult>;
  /** False: what a person ends has ended at once. */
  readonly hasUndo: boolean;
  /** What "Done" does; undefined where the host does not listen. */
  readonly onDone: (() => void) | undefined;
  /** Lets the host sign the person in, then continues. */
  readonly signIn: () => void;
}

/** Whether files of the device may come in at all. */
export const hasDevice = (sources: string): boolean => !sources || sources.includes('device');

export const WidgetContext = createContext<WidgetContext | undefined>(undefined);

/** Opens the dialog of an upload; undefined outside of a widget that has one. */
export const DetailsContext = createContext<((id: string) => void) | undefined>(undefined);

/** The widget around this component. */
export function useWidget(): WidgetContext {
  const widget = useContext(WidgetContext);
  if (!widget) throw new Error('vodrop: this component has to be inside <Uploader> or <UploaderProvider>.');
  return widget;
}
