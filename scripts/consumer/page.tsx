// A host that compiles with `exactOptionalPropertyTypes` passes options that may be undefined.
import { Uploader, UploaderDock, UploaderProvider, useUpload, type UploaderProps } from 'vodrop';
import { createUploader, type UploaderOptions } from 'vodrop/engine';
import { de } from 'vodrop/locales/de';
import { anUpload, createFakeUploader } from 'vodrop/testing';
import 'vodrop/styles.css';

declare const text: string | undefined;
declare const count: number | undefined;
declare const flag: boolean | undefined;

export const options: UploaderOptions = {
  endpoint: '/api/uploads',
  provider: 's3',
  autoStart: flag,
  keepFilesMaxSizeBytes: count,
  abandonAfterMs: count,
  restrictions: flag === true ? { maxSizeBytes: count, maxFiles: count, minResolution: count } : undefined,
  concurrency: { files: count, connections: count },
  metadata: undefined,
  onUnauthorized: undefined,
  polling: undefined,
};
export const uploader = createUploader(options);
uploader.attach('id', { kind: 'subtitle', file: new File([], 'a.srt'), language: text, title: text });

export const props: UploaderProps = {
  endpoint: '/api/uploads',
  provider: 's3',
  locale: flag === true ? de : undefined,
  maxSize: count,
  maxFiles: count,
  messages: undefined,
  slots: { item: undefined, status: undefined },
  classNames: { list: text },
  theme: undefined,
  className: text,
  onReady: undefined,
};

export function Page() {
  const { upload } = useUpload('id');
  const waiting = upload?.waiting?.for;
  return (
    <UploaderProvider uploader={createFakeUploader({ uploads: [anUpload({ waiting: undefined })] })}>
      <Uploader {...props} />
      <UploaderDock className={text} />
      {waiting}
    </UploaderProvider>
  );
}
