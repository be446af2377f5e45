import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import '../react/styles.css';
import './page.css';
import { Page } from './page.js';

const provider = new URLSearchParams(location.search).get('provider') ?? 'huawei-vod';
const root = document.getElementById('root');
if (!root) throw new Error('index.html has no element #root.');

createRoot(root).render(<StrictMode><Page provider={provider} /></StrictMode>);
