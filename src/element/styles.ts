import css from '../react/styles.css?inline';

/**
 * The widget's styles for a shadow root. The variables are declared on the host there: a page that sets one of them
 * on the element, or on anything around it with `inherit`, wins over a rule for `:host`, and would lose against one
 * further inside.
 */
const shadowCss = `:host{display:block}:host([hidden]){display:none}${css.replace(
  /:where\(\.vd-root\)(?::where\(\[data-theme=['"]?(\w+)['"]?\]\))?/g,
  (_match, theme: string | undefined) =>
    theme === undefined
      ? ':host'
      : theme === 'auto'
        ? ':host(:not([theme=light],[theme=dark]))'
        : `:host([theme=${theme}])`,
)}`;

const sheets = new Map<string, CSSStyleSheet>();

/**
 * Gives a shadow root or a document the widget's styles, once. A constructed style sheet needs no permission of a
 * content security policy; browsers without them get a `<style>` with the page's nonce.
 */
export function addStyles(root: Document | ShadowRoot, nonce: string): void {
  const text = root instanceof Document ? css : shadowCss;
  if (!('adoptedStyleSheets' in root) || !('replaceSync' in CSSStyleSheet.prototype)) {
    addStyleElement(root, text, nonce);
    return;
  }
  let sheet = sheets.get(text);
  if (!sheet) {
    sheet = new CSSStyleSheet();
    sheet.replaceSync(text);
    sheets.set(text, sheet);
  }
  if (!root.adoptedStyleSheets.includes(sheet)) root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
}

function addStyleElement(root: Document | ShadowRoot, text: string, nonce: string): void {
  const parent = root instanceof Document ? root.head : root;
  if (parent.querySelector('style[data-vodrop="styles"]')) return;
  const style = document.createElement('style');
  style.dataset.vodrop = 'styles';
  style.nonce = nonce;
  style.textContent = text;
  parent.append(style);
}
