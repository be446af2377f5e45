import { useMemo, type ReactNode } from 'react';
import { Dropzone, type DropzoneProps } from './components/dropzone.js';
import { Rejections, TotalProgress, UnfinishedUploads, UploadList } from './components/parts.js';
import type { RejectionsProps } from './components/rejections.js';
import type { TotalProgressProps } from './components/total-progress.js';
import type { UnfinishedUploadsProps } from './components/unfinished-uploads.js';
import type { UploadItemSlots } from './components/upload-item.js';
import type { UploadListProps } from './components/upload-list.js';
import { UploaderRoot, type UploaderRootProps } from './components/uploader-root.js';
import { WithProvider, type Metadata, type UploaderSettings, type UploaderSource } from './provider.js';

/** Render functions in place of the parts' own contents. */
export interface UploaderSlots extends UploadItemSlots {
  dropzone?: DropzoneProps['children'];
  unfinished?: UnfinishedUploadsProps['children'];
  rejections?: RejectionsProps['children'];
  total?: TotalProgressProps['children'];
  /** A whole row. */
  item?: UploadListProps['children'];
}

/** Classes of one's own on the parts; the widget's are beaten by any of them. */
export type UploaderClassNames = Partial<
  Record<'dropzone' | 'unfinished' | 'rejections' | 'list' | 'total' | 'item', string>
>;

/** The engine of a `UploaderProvider` around, where neither endpoint nor engine is given. */
type NoSource = { endpoint?: undefined; provider?: undefined; uploader?: undefined };

export type UploaderProps<M extends Metadata = Metadata> = (UploaderSource | NoSource) &
  UploaderSettings<M> &
  Pick<UploaderRootProps, 'theme' | 'className' | 'style' | 'id'> & {
    slots?: UploaderSlots;
    classNames?: UploaderClassNames;
  };

/**
 * The whole widget: drop zone, unfinished uploads, refusals, the list and its total.
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
  const { dropzone, unfinished, rejections, total, item, poster, facts, actions } = slots;
  const itemSlots = useMemo(
    () => ({ ...(poster && { poster }), ...(facts && { facts }), ...(actions && { actions }) }),
    [poster, facts, actions],
  );
  const named = (name: string | undefined) => (name === undefined ? {} : { className: name });
  return (
    <WithProvider {...settings}>
      <UploaderRoot
        {...(theme && { theme })}
        {...named(className)}
        {...(style && { style })}
        {...(id !== undefined && { id })}
      >
        <Dropzone {...named(classNames.dropzone)} {...(dropzone && { children: dropzone })} />
        <UnfinishedUploads {...named(classNames.unfinished)} {...(unfinished && { children: unfinished })} />
        <Rejections {...named(classNames.rejections)} {...(rejections && { children: rejections })} />
        <UploadList
          {...named(classNames.list)}
          {...(classNames.item !== undefined && { itemClassName: classNames.item })}
          itemSlots={itemSlots}
          header={<TotalProgress {...named(classNames.total)} {...(total && { children: total })} />}
          {...(item && { children: item })}
        />
      </UploaderRoot>
    </WithProvider>
  );
}
