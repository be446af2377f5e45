export { busyKeys, type TabHost, TabSync } from './tab-sync.js';
