'use client';

export { Uploader, type UploaderClassNames, type UploaderProps, type UploaderSlots } from './uploader.js';
export { UploaderDock, type UploaderDockProps } from './dock.js';
export { UploaderProvider, type UploaderProviderProps } from './provider.js';
export type { FilesAnswer, Metadata, UploaderSettings, UploaderSource } from './settings.js';
export type { SourceName } from './source-name.js';
export type { ShrinkRule } from './trim/shrink-rule.js';
export { type DetailsFormProps } from './context.js';
export { type FieldProps, type UploaderHandle } from './components/field.js';
export { Dropzone, type DropzoneProps } from './components/dropzone.js';
export {
  Notes,
  Recordings,
  Rejections,
  TotalProgress,
  UnfinishedUploads,
  UploadItem,
  UploadList,
} from './components/lazy.js';
export type { NotesProps } from './notes/notes-card.js';
export type { RejectionsProps } from './components/rejections-card.js';
export type { TotalProgressProps } from './components/total-progress.js';
export type { UnfinishedUploadsProps } from './components/unfinished-cards.js';
export type { UnfinishedActions } from './hooks/use-unfinished-actions.js';
export type { UploadItemProps, UploadItemSlots } from './components/upload-item.js';
export type { UploadListProps } from './components/upload-list.js';
export { UploaderRoot, type UploaderRootProps } from './components/uploader-root.js';
export { useDetailsPolling } from './hooks/use-details-polling.js';
export { useDropzone, type UseDropzoneResult } from './hooks/use-dropzone.js';
export { useTotal, type Total } from './hooks/use-total.js';
export { useUpload, type UseUploadResult } from './hooks/use-upload.js';
export { type UploadCallbacks } from './hooks/use-upload-events.js';
export {
  FilesRejectedError,
  UploadCanceledError,
  useUploadFile,
  useUploadFiles,
  type UploadFilesError,
  type UseUploadFileResult,
  type UseUploadFilesOptions,
  type UseUploadFilesResult,
} from './hooks/use-upload-files.js';
export { useUploader } from './hooks/use-uploader.js';
export { useUploadIds, useUploaderSnapshot, useUploads } from './hooks/use-uploads.js';
export { type Drag } from './files/read-drag.js';
export {
  createFormat,
  type Duration,
  type Format,
  type PluralForms,
  type Size,
  type TimeLeft,
} from './format/index.js';
export {
  createMessages,
  localeTags,
  type CompleteLocale,
  type FailureParams,
  type FailureText,
  type FailureWords,
  type FileKind,
  type Labels,
  type Locale,
  type MessageOverrides,
  type Messages,
  type PartialWords,
  type Plural,
  type RejectionParams,
  type RejectionText,
  type Words,
} from './messages/index.js';
export type {
  Receipt,
  Rejection,
  RejectionCode,
  UnfinishedUpload,
  UploadError,
  UploadErrorCode,
  UploadNote,
  UploadNoteCode,
  UploadSnapshot,
  UploadStatus,
  Uploader as UploaderEngine,
  UploaderSnapshot,
  Waiting,
} from '../engine/index.js';
