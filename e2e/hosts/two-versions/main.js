import { createElement } from 'react';
import { createRoot } from 'react-dom/client';
import { Uploader } from 'vodrop';
import { Uploader as NextUploader } from 'vodrop-next';
import 'vodrop/element';
import 'vodrop-next/element';
import 'vodrop/styles.css';

// The same endpoint, provider and scope: what separates them is their version.
const where = { endpoint: '/api/uploads', provider: 'huawei-vod' };

createRoot(document.querySelector('#one')).render(createElement(Uploader, where));
createRoot(document.querySelector('#two')).render(createElement(NextUploader, where));
