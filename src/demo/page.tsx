import type { ReactNode } from 'react';
import { Uploader } from '../react/index.js';

/** The demo page: the widget with its two props, as a product would hold it. */
export function Page({ provider }: { provider: string }): ReactNode {
  return (
    <main className="page">
      <header className="page-head">
        <h1>Upload videos</h1>
        <p>Straight from this browser to the video cloud: checked part by part, and continued after a reload.</p>
      </header>
      <Uploader endpoint="/api/uploads" provider={provider} />
    </main>
  );
}
