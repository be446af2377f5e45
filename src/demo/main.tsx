import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import '../react/styles.css';
import './page.css';
import { Page, type PageProps } from './page.js';

const root = document.getElementById('root');
if (!root) throw new Error('index.html has no element #root.');

createRoot(root).render(<StrictMode><Page {...propsFrom(new URLSearchParams(location.search))} /></StrictMode>);

/** `/?provider=huawei-vod&maxFiles=2&maxSize=2GB&theme=dark`: the props one would try first. */
function propsFrom(query: URLSearchParams): PageProps {
  const maxFiles = Number(query.get('maxFiles'));
  const maxSize = query.get('maxSize');
  const theme = (['light', 'dark', 'auto'] as const).find((one) => one === query.get('theme'));
  return { provider: query.get('provider') ?? 'huawei-vod', ...(maxFiles > 0 && { maxFiles }), ...(maxSize && { maxSize: maxSize as NonNullable<PageProps['maxSize']> }), ...(theme && { theme }) };
}
