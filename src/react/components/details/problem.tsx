import type { ReactNode } from 'react';
import { Icon } from '../icon.js';

/** What is wrong with a file of the dialog. */
export function Problem({ text, isSpoken = false }: { text: string; isSpoken?: boolean }): ReactNode {
  return (
    <span className="vd-trouble" role={isSpoken ? 'alert' : undefined}>
      <Icon name="alert" size="small" />
      <bdi>{text}</bdi>
    </span>
  );
}
