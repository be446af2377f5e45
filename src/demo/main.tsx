import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import '@fontsource-variable/inter';
import '../react/styles.css';
import './page.css';
import { Page } from './page.js';
import { settingsFrom } from './settings.js';

const root = document.getElementById('root');
if (!root) throw new Error('index.html has no element #root.');

createRoot(root).render(
  <StrictMode>
    <Page initial={settingsFrom(new URLSearchParams(location.search))} />
  </StrictMode>,
);
