import { useMemo, type ReactNode } from 'react';
import { Dropzone, type DropzoneProps } from './components/dropzone.js';
import { Rejections, TotalProgress, UnfinishedUploads, UploadList } from './components/lazy.js';
import type { RejectionsProps } from './components/rejections.js';
import type { TotalProgressProps } from './components/total-progress.js';
import type { UnfinishedUploadsProps } from './components/unfinished-uploads.js';
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
  total?: TotalProgressProps['children'];
  /** A whole row. */
  item?: UploadListProps['children'];
}

/** The host's classes on the components; they win over the widget's. */
export type UploaderClassNames = Partial<
  Record<'dropzone' | 'unfinished' | 'rejections' | 'list' | 'total' | 'item', string>
>;

interface Look extends Pick<UploaderRootProps, 'theme' | 'className' | 'style' | 'id'> {
  slots?: OrUndefined<UploaderSlots>;
  classNames?: OrUndefined<UploaderClassNames>;
}

/** With a source: everything. Inside a `UploaderProvider`, without one: what a widget decides for itself. */
export type UploaderProps<M extends Metadata = Metadata> = (
  (UploaderSource & UploaderSettings<M>) | NestedSettings
) &
  OrUndefined<Look>;

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
export function Uploader<M extends Metadata = Metadata>({
  theme,
  className,
  style,
  id,
  slots = {},
  classNames = {},
  ...settings
}: UploaderProps<M>): ReactNode {
  const { poster, status, actions } = slots;
  // The same object while its functions are: rows are memoized.
  const itemSlots = useMemo(() => ({ poster, status, actions }), [poster, status, actions]);
  const total = <TotalProgress className={classNames.total}>{slots.total}</TotalProgress>;
  return (
    <WithProvider {...settings}>
      <UploaderRoot theme={theme} className={className} style={style} id={id}>
        <Dropzone className={classNames.dropzone}>{slots.dropzone}</Dropzone>
        <UnfinishedUploads className={classNames.unfinished}>{slots.unfinished}</UnfinishedUploads>
        <Rejections className={classNames.rejections}>{slots.rejections}</Rejections>
        <UploadList
          className={classNames.list}
          itemClassName={classNames.item}
          itemSlots={itemSlots}
          header={total}
        >
          {slots.item}
        </UploadList>
      </UploaderRoot>
    </WithProvider>
  );
}
