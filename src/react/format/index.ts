export * from './parse-duration.js';
export * from './format.js';
export * from './parse-size.js';
export * from './split-name.js';
export * from './time-left.js';
