/** What only lists of many rows need, in one chunk. */
export { followScreen, measureRows, piecesOf, sumTops } from '../hooks/virtual-rows.js';
export { ListControls } from './list-controls.js';
