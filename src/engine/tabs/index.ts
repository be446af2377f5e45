export { TabSync } from './tab-sync.js';
