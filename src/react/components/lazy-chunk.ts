/** The components that show uploads, in one chunk that loads after the drop zone has rendered. See `lazy.tsx`. */
export { Background } from './background.js';
export { Notes } from '../notes/notes.js';
export { PageDrop } from './page-drop.js';
export { Rejections } from './rejections.js';
export { TotalProgress } from './total-progress.js';
export { UnfinishedUploads } from './unfinished-uploads.js';
export { UploadItem } from './upload-item.js';
export { UploadList } from './upload-list.js';
export { Voice } from './voice.js';
