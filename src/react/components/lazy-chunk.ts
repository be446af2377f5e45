/** What shows uploads, in one file of its own: nobody needs it before the drop zone stands. See `parts.tsx`. */
export { PageDrop } from './page-drop.js';
export { Rejections } from './rejections.js';
export { TotalProgress } from './total-progress.js';
export { UnfinishedUploads } from './unfinished-uploads.js';
export { UploadItem } from './upload-item.js';
export { UploadList } from './upload-list.js';
export { Voice } from './voice.js';
