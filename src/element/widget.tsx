import { useEffect, useRef, useState, type ReactNode, type Ref } from 'react';
import { createRoot, type Root } from 'react-dom/client';
import { Uploader, type UploaderHandle, type UploaderProps } from '../react/index.js';
import type { UploadSnapshot } from '../engine/index.js';

export interface WidgetProps {
  readonly props: UploaderProps;
  readonly handle: Ref<UploaderHandle>;
  /** True where the widget is in a shadow root: there the children of the element fill slots. */
  readonly hasSlots: boolean;
  /** The page has contents of its own for the drop zone. */
  readonly hasOwnZone: boolean;
}

/** The React side of the element. */
export class Widget {
  readonly #root: Root;

  constructor(container: ShadowRoot | HTMLElement) {
    this.#root = createRoot(container);
  }

  render(props: WidgetProps): void {
    this.#root.render(<WidgetView {...props} />);
  }

  unmount(): void {
    this.#root.unmount();
  }
}

function WidgetView({ props, handle, hasSlots, hasOwnZone }: WidgetProps): ReactNode {
  const widget = (
    <Uploader
      {...props}
      ref={handle}
      slots={hasSlots && hasOwnZone ? { dropzone: () => <slot name="dropzone" /> } : {}}
    />
  );
  if (!hasSlots) return widget;
  return (
    <>
      <slot name="header" />
      {widget}
      <slot />
    </>
  );
}

/** A node that the page made for an upload: a child of the element, shown in the widget through a slot of its own. */
export function HostNode({
  host,
  upload,
  make,
}: {
  host: HTMLElement;
  upload: UploadSnapshot;
  make: (upload: UploadSnapshot) => Node;
}): ReactNode {
  const place = useRef<HTMLSpanElement>(null);
  const [name] = useState(() => `player-${upload.id}`);
  const latest = useRef({ upload, make });
  useEffect(() => {
    const node = latest.current.make(latest.current.upload);
    const wrapper = document.createElement('div');
    wrapper.append(node);
    if (host.shadowRoot) {
      wrapper.slot = name;
      host.append(wrapper);
    } else place.current?.append(wrapper);
    return () => wrapper.remove();
  }, [host, name]);
  return host.shadowRoot ? <slot name={name} /> : <span ref={place} />;
}
