import type { ComponentProps, ReactNode } from 'react';

export interface TextButtonProps extends Omit<ComponentProps<'button'>, 'children'> {
  label: string;
  look?: 'line' | 'quiet' | 'fill';
}

/** A button of plain words; those with icons, and those that fold to one, are a `Button`. */
export function TextButton({ label, look = 'quiet', className = '', ...rest }: TextButtonProps): ReactNode {
  return (
    <button type="button" {...rest} className={`vd-button ${className}`.trim()} data-look={look}>
      <bdi className="vd-button-text">{label}</bdi>
    </button>
  );
}
