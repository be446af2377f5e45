/**
 * The work itself, as opposed to the state it is in: needed when there is a first file, and loaded then (or before, when
 * the page has nothing better to do).
 */
export { confirm } from './confirm.js';
export { prepare } from './prepare.js';
export { PartSigner } from '../parts/signer.js';
export { transferParts } from '../parts/transfer.js';
export { WaitingReasons } from '../parts/waiting-reasons.js';
