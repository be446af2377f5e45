export { anUnfinishedUpload, anUpload } from './an-upload.js';
export {
  createFakeUploader,
  type FakeCall,
  type FakeUploader,
  type FakeUploaderOptions,
} from './fake-uploader.js';
export { chooseFiles, seenButton, seenUpload, seenUploads, type SeenUpload, type Where } from './queries.js';
