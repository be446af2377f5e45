export * from './clock-time.js';
export * from './parse-duration.js';
export * from './format.js';
export * from './isolate.js';
export * from './parse-size.js';
export * from './split-name.js';
export * from './time-left.js';
export { isTooLong, lengthIn, titleFromName, type TextLimit } from './text-limit.js';
