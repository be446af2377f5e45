import { useMemo, type AriaAttributes, type FocusEvent, type ReactNode } from 'react';
import { Dropzone, type DropzoneProps } from './components/dropzone.js';
import { Field, type FieldProps } from './components/field.js';
import {
  Copies,
  Notes,
  Recordings,
  Rejections,
  TotalProgress,
  UnfinishedUploads,
  UploadList,
} from './components/lazy.js';
import type { NotesProps } from './notes/notes-card.js';
import type { RejectionsProps } from './components/rejections-card.js';
import type { TotalProgressProps } from './components/total-progress.js';
import type { UnfinishedUploadsProps } from './components/unfinished-cards.js';
import type { UploadItemSlots } from './components/upload-item.js';
import type { UploadListProps } from './components/upload-list.js';
import { UploaderRoot, type UploaderRootProps } from './components/uploader-root.js';
import { WithProvider } from './provider.js';
import type { Metadata, NestedSettings, OrUndefined, UploaderSettings, UploaderSource } from './settings.js';

/** Render functions in place of the components' own contents. */
export interface UploaderSlots extends UploadItemSlots {
  dropzone?: DropzoneProps['children'];
  unfinished?: UnfinishedUploadsProps['children'];
  rejections?: RejectionsProps['children'];
  /** The contents of the card with what is worth knowing of files. */
  notes?: NotesProps['children'];
  total?: TotalProgressProps['children'];
  /** A whole row. */
  item?: UploadListProps['children'];
}

/** The host's classes on the components; they win over the widget's. */
export type UploaderClassNames = Partial<
  Record<'dropzone' | 'unfinished' | 'rejections' | 'notes' | 'list' | 'total' | 'item', string>
>;

interface Look
  extends Pick<UploaderRootProps, 'theme' | 'className' | 'style' | 'id'>, AriaAttributes, FieldProps {
  /** Rows (`list`, default), or tiles with large pictures (`grid`), whose code is loaded when it is used. */
  layout?: UploadListProps['layout'];
  /** What "Copy link" of a ready upload copies, e.g. the page that plays it; undefined: it has no link. */
  mediaLink?: UploadListProps['mediaLink'];
  /** Offers "Copy embed code" on ready uploads, and is what it copies; undefined: it has none. */
  mediaEmbed?: UploadListProps['mediaEmbed'];
  slots?: OrUndefined<UploaderSlots>;
  classNames?: OrUndefined<UploaderClassNames>;
}

/** With a source: everything. Inside a `UploaderProvider`, without one: what a widget decides for itself. */
export type UploaderProps<M extends Metadata = Metadata> = (
  (UploaderSource & UploaderSettings<M>) | NestedSettings
) &
  OrUndefined<Look> & { [name: `data-${string}`]: string | number | boolean | undefined };

/**
 * The whole widget: drop zone, unfinished uploads, rejections, the list and its total.
 *
 * @example
 * ```tsx
 * import { Uploader } from 'vodrop';
 * import 'vodrop/styles.css';
 *
 * <Uploader endpoint="/api/uploads" provider="huawei-vod" />
 * ```
 */
export function Uploader<M extends Metadata = Metadata>(props: UploaderProps<M>): ReactNode {
  const { theme, className, style, id, slots = {}, classNames = {}, onBlur, ...others } = props;
  const { ref, name, required, value, onChange, layout, mediaLink, mediaEmbed, ...rest } = others;
  const { attributes, settings } = splitAttributes(rest);
  const { poster, status, actions, mediaActions } = slots;
  // The same object while its functions are: rows are memoized.
  const itemSlots = useMemo(
    () => ({ poster, status, actions, mediaActions }),
    [poster, status, actions, mediaActions],
  );
  const total = <TotalProgress className={classNames.total}>{slots.total}</TotalProgress>;
  return (
    <WithProvider {...settings}>
      <UploaderRoot
        {...attributes}
        theme={theme}
        className={className}
        style={style}
        id={id}
        onBlur={
          onBlur &&
          ((event: FocusEvent) => {
            if (!event.currentTarget.contains(event.relatedTarget)) onBlur();
          })
        }
      >
        <Dropzone className={classNames.dropzone}>{slots.dropzone}</Dropzone>
        <Recordings />
        <Copies />
        <UnfinishedUploads className={classNames.unfinished}>{slots.unfinished}</UnfinishedUploads>
        <Rejections className={classNames.rejections}>{slots.rejections}</Rejections>
        <Notes className={classNames.notes}>{slots.notes}</Notes>
        <UploadList
          className={classNames.list}
          itemClassName={classNames.item}
          itemSlots={itemSlots}
          header={total}
          layout={layout}
          mediaLink={mediaLink}
          mediaEmbed={mediaEmbed}
        >
          {slots.item}
        </UploadList>
        <Field handle={ref} name={name} required={required} value={value} onChange={onChange} />
      </UploaderRoot>
    </WithProvider>
  );
}

/** What belongs on the root element, apart from the settings. A name needs a role to be read out. */
function splitAttributes<T extends object>(rest: T): { attributes: UploaderRootProps; settings: T } {
  const entries = Object.entries(rest);
  const isAttribute = ([name]: [string, unknown]) => /^(data|aria)-/.test(name);
  const attributes: UploaderRootProps = Object.fromEntries(entries.filter(isAttribute));
  const isNamed = attributes['aria-label'] !== undefined || attributes['aria-labelledby'] !== undefined;
  return {
    attributes: isNamed ? { role: 'group', ...attributes } : attributes,
    settings: Object.fromEntries(entries.filter((entry) => !isAttribute(entry))) as T,
  };
}
