'use client';

export { Uploader, type UploaderProps } from './uploader.js';
export {
  UploaderProvider, type FilesAnswer, type UploaderProviderProps, type UploaderSettings, type UploaderSource,
} from './provider.js';
export { Dropzone, type DropzoneProps } from './components/dropzone.js';
export { Rejections } from './components/rejections.js';
export { TotalProgress } from './components/total-progress.js';
export { UnfinishedUploads } from './components/unfinished-uploads.js';
export { UploadItem, type UploadItemProps } from './components/upload-item.js';
export { UploadList, type UploadListProps } from './components/upload-list.js';
export { UploaderRoot, type UploaderRootProps } from './components/uploader-root.js';
export { useDetailsPolling } from './hooks/use-details-polling.js';
export { useDropzone, type UseDropzoneResult } from './hooks/use-dropzone.js';
export { useTotal, type Total } from './hooks/use-total.js';
export { useUpload, type UseUploadResult } from './hooks/use-upload.js';
export { type UploadCallbacks } from './hooks/use-upload-events.js';
export { useUploader } from './hooks/use-uploader.js';
export { useUploadIds, useUploaderSnapshot, useUploads } from './hooks/use-uploads.js';
export { type Drag } from './files/read-drag.js';
export { createFormat, type Format, type PluralForms, type Size, type TimeLeft } from './format/index.js';
export {
  en, type FailureFacts, type FailureText, type FileKind, type MessageOverrides, type Messages, type RejectionText,
} from './messages/index.js';
export type {
  Receipt, Rejection, RejectionCode, UnfinishedUpload, UploadError, UploadErrorCode, UploadSnapshot, UploadStatus,
  Uploader as UploaderEngine, UploaderSnapshot, Waiting,
} from '../engine/index.js';
