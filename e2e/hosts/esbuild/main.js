import { createElement } from 'react';
import { createRoot } from 'react-dom/client';
import { Uploader } from 'vodrop';
import 'vodrop/styles.css';

createRoot(document.querySelector('#root')).render(
  createElement(Uploader, { endpoint: '/api/uploads', provider: 'huawei-vod', locale: 'de' }),
);
