export { en } from './en.js';
export * from './messages.js';
