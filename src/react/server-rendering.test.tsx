import { renderToString } from 'react-dom/server';
import { expect, it } from 'vitest';
import { Uploader } from './index.js';

// In Node, without any document: what a server renders before the page has an engine.
it('renders an empty drop zone on a server', () => {
  const html = renderToString(<Uploader endpoint="/api/uploads" provider="huawei-vod" />);
  expect(html).toContain('data-vodrop="uploader"');
  expect(html).toContain('Choose videos');
  expect(html).toMatch(/<input[^>]*type="file"[^>]*multiple=""/);
});
