import { VodropUploaderElement } from './element.js';
import type { VodropUploaderEventMap } from './properties.js';

export { VodropUploaderElement };
export type { VodropFiles, VodropUploaderEventMap, VodropUploaderProperties } from './properties.js';

/** The name of the element. */
export const tagName = 'vodrop-uploader';

// Not where there is no document, and once however often it is loaded: the first version on a page wins.
if (typeof customElements !== 'undefined' && !customElements.get(tagName))
  customElements.define(tagName, VodropUploaderElement);

declare global {
  interface HTMLElementTagNameMap {
    'vodrop-uploader': VodropUploaderElement;
  }
  // Listeners of the element's events are typed on the element, and on what they bubble to.
  // eslint-disable-next-line @typescript-eslint/no-empty-object-type -- merges into the interface of the DOM
  interface HTMLElementEventMap extends VodropUploaderEventMap {}
}
