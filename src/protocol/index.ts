export * from './capabilities.js';
export * from './media.js';
export * from './messages.js';
export * from './operations.js';
export * from './part-size.js';
export * from './problem.js';
