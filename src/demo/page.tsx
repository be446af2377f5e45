import type { ReactNode } from 'react';
import { Uploader, type UploaderProps } from '../react/index.js';

export type PageProps = Pick<UploaderProps, 'maxFiles' | 'maxSize' | 'theme'> & { provider: string };

/** The demo page: the widget as a product would hold it. */
export function Page(props: PageProps): ReactNode {
  return (
    <main className="page">
      <header className="page-head">
        <h1>Upload videos</h1>
        <p>Straight from this browser to the video cloud: checked part by part, and continued after a reload.</p>
      </header>
      <Uploader endpoint="/api/uploads" theme="auto" {...props} />
    </main>
  );
}
