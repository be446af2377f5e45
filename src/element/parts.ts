/**
 * The parts of the widget by the selector of their element, for `::part()`. The list is part of the public interface.
 */
export const parts = {
  uploader: '[data-vodrop="uploader"]',
  dropzone: '[data-vodrop="dropzone"]',
  'dropzone-title': '.vd-zone-title',
  'dropzone-note': '.vd-zone-note',
  'choose-files': '.vd-pick',
  'page-drop': '[data-vodrop="page-drop"]',
  unfinished: '[data-vodrop="unfinished"]',
  'list-controls': '[data-vodrop="list-controls"]',
  'unfinished-group': '[data-vodrop="unfinished-group"]',
  rejections: '[data-vodrop="rejections"]',
  'upload-list': '[data-vodrop="upload-list"]',
  total: '[data-vodrop="total"]',
  rows: '.vd-rows',
  upload: '[data-vodrop="upload"]',
  poster: '.vd-poster',
  'file-name': '.vd-name',
  status: '.vd-status',
  'media-id': '.vd-media-id',
  actions: '.vd-actions',
  progress: '.vd-line',
  'progress-bar': '.vd-line-bar',
  player: '.vd-player',
  button: '.vd-button',
  link: '.vd-link',
  icon: '.vd-icon',
  menu: '.vd-menu-list',
  'menu-item': '.vd-menu-item',
  details: '[data-vodrop="details"]',
  input: '.vd-input',
} as const;

const selectors = Object.entries(parts);
const marked = ['class', 'data-vodrop', 'data-status', 'data-drag', 'data-state', 'data-phase'];

/**
 * Names the parts of the widget in a shadow root, those to come too. A row's status, the drag over the zone and the
 * like are further names of the part (`upload ready`), because `::part()` takes no attribute selectors.
 */
export function nameParts(root: ShadowRoot): () => void {
  const observer = new MutationObserver((records) => {
    for (const { type, target, addedNodes } of records) {
      if (type === 'attributes') name(target as Element);
      else for (const node of addedNodes) if (node instanceof Element) nameAll(node);
    }
  });
  observer.observe(root, { subtree: true, childList: true, attributeFilter: marked });
  for (const child of root.children) nameAll(child);
  return () => observer.disconnect();
}

function nameAll(element: Element): void {
  name(element);
  for (const inner of element.querySelectorAll('*')) name(inner);
}

function name(element: Element): void {
  const own = selectors.filter(([, selector]) => element.matches(selector)).map(([part]) => part);
  if (!own.length) return;
  const { status, drag, state, phase } = (element as HTMLElement).dataset;
  const names = [...own, status, drag, state, phase].filter((one) => one !== undefined).join(' ');
  if (element.getAttribute('part') !== names) element.setAttribute('part', names);
}
