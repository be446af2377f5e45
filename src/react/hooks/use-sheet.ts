import { useLayoutEffect } from 'react';
import { useRoot } from './use-root.js';

const sheets = new Map<string, CSSStyleSheet>();

/**
 * Adds the styles of a part that is loaded on demand to the document or shadow root of the widget; in `styles.css` they
 * would weigh on all hosts. A constructed style sheet needs no permission of a content security policy; browsers without
 * them get a `<style>`.
 */
export function useSheet(name: string, css: string): void {
  const root = useRoot();
  useLayoutEffect(() => {
    const place = root.current?.getRootNode();
    if (!(place instanceof Document || place instanceof ShadowRoot)) return;
    if (!('adoptedStyleSheets' in place) || !('replaceSync' in CSSStyleSheet.prototype)) {
      addElement(place, name, css);
      return;
    }
    let sheet = sheets.get(name);
    if (!sheet) {
      sheet = new CSSStyleSheet();
      sheet.replaceSync(css);
      sheets.set(name, sheet);
    }
    if (!place.adoptedStyleSheets.includes(sheet))
      place.adoptedStyleSheets = [...place.adoptedStyleSheets, sheet];
  }, [root, name, css]);
}

function addElement(place: Document | ShadowRoot, name: string, css: string): void {
  const parent = place instanceof Document ? place.head : place;
  if (parent.querySelector(`style[data-vodrop="${name}"]`)) return;
  const style = document.createElement('style');
  style.dataset['vodrop'] = name;
  style.nonce = document.querySelector<HTMLScriptElement>('script[nonce]')?.nonce ?? '';
  style.textContent = css;
  parent.append(style);
}
