export { anUnfinishedUpload, anUpload } from './an-upload.js';
export { createFakeUploader, type FakeCall, type FakeUploader } from './fake-uploader.js';
