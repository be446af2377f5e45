import { Component, type ReactNode } from 'react';
import { reportHostError } from '../../engine/shared.js';

interface HostPartProps {
  /** Of the host. */
  readonly render: (() => ReactNode) | undefined;
  /** In its place where it answers null or undefined, or throws. */
  readonly otherwise?: ReactNode;
}

/** What the host renders inside the widget: where it throws, the error is reported and nothing else is lost. */
export class HostPart extends Component<HostPartProps, { readonly hasFailed: boolean }> {
  static getDerivedStateFromError(): { readonly hasFailed: boolean } {
    return { hasFailed: true };
  }

  override state = { hasFailed: false };

  override componentDidCatch(error: unknown): void {
    reportHostError(error);
  }

  override render(): ReactNode {
    const { render, otherwise } = this.props;
    return render && !this.state.hasFailed ? <Rendered render={render} otherwise={otherwise} /> : otherwise;
  }
}

/** A component of its own, so that what it throws reaches the boundary, and what it waits for the nearest `Suspense`. */
function Rendered({ render, otherwise }: HostPartProps): ReactNode {
  return render?.() ?? otherwise;
}
