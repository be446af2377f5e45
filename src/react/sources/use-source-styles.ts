import { useLayoutEffect } from 'react';
import { useRoot } from '../hooks/use-root.js';
import css from './sources.css?inline';

let sheet: CSSStyleSheet | undefined;

/**
 * Adds the styles of the sources to the document or shadow root of the widget; in `styles.css` they would weigh on all
 * hosts. A constructed style sheet needs no permission of a content security policy; browsers without them get a
 * `<style>`.
 */
export function useSourceStyles(): void {
  const root = useRoot();
  useLayoutEffect(() => {
    const place = root.current?.getRootNode();
    if (!(place instanceof Document || place instanceof ShadowRoot)) return;
    if (!('adoptedStyleSheets' in place) || !('replaceSync' in CSSStyleSheet.prototype)) {
      addElement(place);
      return;
    }
    if (!sheet) {
      sheet = new CSSStyleSheet();
      sheet.replaceSync(css);
    }
    if (!place.adoptedStyleSheets.includes(sheet))
      place.adoptedStyleSheets = [...place.adoptedStyleSheets, sheet];
  }, [root]);
}

function addElement(place: Document | ShadowRoot): void {
  const parent = place instanceof Document ? place.head : place;
  if (parent.querySelector('style[data-vodrop="source-styles"]')) return;
  const style = document.createElement('style');
  style.dataset['vodrop'] = 'source-styles';
  style.nonce = document.querySelector<HTMLScriptElement>('script[nonce]')?.nonce ?? '';
  style.textContent = css;
  parent.append(style);
}
