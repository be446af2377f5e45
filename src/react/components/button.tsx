import type { ComponentProps, ReactNode } from 'react';
import { Icon, type IconName } from './icon.js';

export interface ButtonProps extends Omit<ComponentProps<'button'>, 'children'> {
  /** The accessible name, always; the visible text too unless `isIconOnly`. */
  label: string;
  icon?: IconName | undefined;
  look?: 'line' | 'quiet' | 'danger' | 'fill';
  isIconOnly?: boolean;
  /** In narrow containers, or already in those that are not roomy, only the icon is shown. */
  foldsToIcon?: boolean | 'early';
}

/** A real button with a plain name. */
export function Button({
  label,
  icon,
  look = 'quiet',
  isIconOnly = false,
  foldsToIcon = false,
  className = '',
  ...rest
}: ButtonProps): ReactNode {
  const iconLabel = isIconOnly || foldsToIcon ? label : undefined;
  return (
    <button
      type="button"
      {...rest}
      className={`vd-button ${className}`.trim()}
      data-look={look}
      data-icon-only={isIconOnly || undefined}
      data-folds={foldsToIcon === 'early' ? 'early' : foldsToIcon || undefined}
      aria-label={iconLabel}
      title={iconLabel}
    >
      {icon && <Icon name={icon} size={isIconOnly ? undefined : 'small'} />}
      {!isIconOnly && <bdi className="vd-button-text">{label}</bdi>}
    </button>
  );
}
