import type { ReactNode } from 'react';
import { Icon, type IconName } from './icon.js';

interface StatusItemsProps {
  /** The status in words; what follows the first is muted. */
  status: readonly string[];
  icon?: IconName;
  tone?: 'ok' | 'wait' | 'bad' | 'dim';
  children?: ReactNode;
}

/**
 * A status in words, and what follows it with dots between. `vd-wide` is hidden on a narrow widget and `vd-narrow`
 * on a wide one; `vd-give` shrinks first.
 */
export function StatusItems({ status: [first, ...rest], icon, tone, children }: StatusItemsProps): ReactNode {
  return (
    <div className="vd-status-line">
      <span className="vd-status" data-tone={tone}>
        {icon && <Icon name={icon} size="small" />}
        <bdi className="vd-status-text">{first}</bdi>
      </span>
      {rest.map((text) => (
        <Item className="vd-wide" key={text}>
          {text}
        </Item>
      ))}
      {children}
    </div>
  );
}

/** One piece of a status. */
export function Item({ className, children }: { className?: string; children: ReactNode }): ReactNode {
  return (
    <span className={className}>
      <bdi>{children}</bdi>
    </span>
  );
}
