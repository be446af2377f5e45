import { createRoot } from 'react-dom/client';
import 'vodrop/styles.css';

// One form on each page: both have the same field.
const isTanStack = new URLSearchParams(location.search).has('tanstack');
const { Lesson } = await (isTanStack ? import('./tanstack-form.tsx') : import('./hook-form.tsx'));

createRoot(document.querySelector('#root')).render(
  <>
    <Lesson />
    <output id="saved" />
  </>,
);
