import type { ReactNode } from 'react';
import { Dropzone } from './components/dropzone.js';
import { Rejections } from './components/rejections.js';
import { UnfinishedUploads } from './components/unfinished-uploads.js';
import { UploadList } from './components/upload-list.js';
import { UploaderRoot, type UploaderRootProps } from './components/uploader-root.js';
import { UploaderProvider, type UploaderSettings, type UploaderSource } from './provider.js';

export type UploaderProps = UploaderSource & UploaderSettings & Omit<UploaderRootProps, 'children'>;

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
export function Uploader({ theme, className, ...settings }: UploaderProps): ReactNode {
  return (
    <UploaderProvider {...settings}>
      <UploaderRoot {...(theme && { theme })} {...(className !== undefined && { className })}>
        <Dropzone />
        <UnfinishedUploads />
        <Rejections />
        <UploadList />
      </UploaderRoot>
    </UploaderProvider>
  );
}
