/**
 * The JSON messages between the browser and the token endpoint. Every call is a POST to `{endpoint}/{operation}` and
 * carries a batch. The endpoint answers 200 with one result per item, in the order of the items: a refused item does
 * not affect the others. The endpoint answers with a single problem only when it cannot process the call as a whole.
 */
export const operations = [
  'describe',
  'start',
  'import',
  'sign',
  'attach',
  'list',
  'finish',
  'details',
  'update',
] as const;
/** An operation of the protocol between page and endpoint. */
export type Operation = (typeof operations)[number];
