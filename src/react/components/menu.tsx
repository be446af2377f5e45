import { useEffect, useId, useRef, useState, type KeyboardEvent, type ReactNode } from 'react';
import { focusedBeside } from '../hooks/focused-element.js';
import { Button } from './button.js';
import { Icon, type IconName } from './icon.js';

export interface MenuItem {
  label: string;
  icon?: IconName;
  /** Set where the entry switches something on and off. */
  isChecked?: boolean;
  onSelect: () => void;
}

export interface MenuProps {
  label: string;
  items: readonly MenuItem[];
  tabIndex?: number;
  describedBy?: string;
  icon?: IconName;
  /** Shows the label beside the icon. */
  hasText?: boolean;
}

/** What does not fit into a narrow row: one button, and a list of verbs below it. */
export function Menu({
  label,
  items,
  tabIndex = 0,
  describedBy,
  icon = 'more',
  hasText = false,
}: MenuProps): ReactNode {
  const [isOpen, setIsOpen] = useState(false);
  const root = useRef<HTMLDivElement>(null);
  const id = useId();
  const entries = () => Array.from(root.current?.querySelectorAll<HTMLElement>('[role^="menuitem"]') ?? []);
  const close = () => {
    setIsOpen(false);
    root.current?.querySelector('button')?.focus();
  };

  useEffect(() => {
    if (isOpen) root.current?.querySelector<HTMLElement>('[role^="menuitem"]')?.focus();
  }, [isOpen]);

  const onKeyDown = (event: KeyboardEvent) => {
    if (!isOpen) return;
    const next = entryAfter(event.key, entries());
    if (next) {
      event.preventDefault();
      next.focus();
    }
    if (event.key === 'Escape') {
      event.preventDefault();
      event.stopPropagation();
      close();
    }
  };

  return (
    <div
      className="vd-menu"
      ref={root}
      onKeyDown={onKeyDown}
      onBlur={(event) => {
        if (!event.currentTarget.contains(event.relatedTarget)) setIsOpen(false);
      }}
    >
      <Button
        label={label}
        icon={icon}
        isIconOnly={!hasText}
        data-slot="more"
        tabIndex={tabIndex}
        aria-haspopup="menu"
        aria-expanded={isOpen}
        aria-controls={isOpen ? id : undefined}
        aria-describedby={describedBy}
        onClick={() => {
          setIsOpen(!isOpen);
        }}
      />
      {isOpen && (
        <div className="vd-menu-list" role="menu" id={id} aria-label={label}>
          {items.map((item) => (
            <MenuEntry
              key={item.label}
              item={item}
              onSelect={() => {
                close();
                item.onSelect();
              }}
            />
          ))}
        </div>
      )}
    </div>
  );
}

function MenuEntry({ item, onSelect }: { item: MenuItem; onSelect: () => void }): ReactNode {
  return (
    <button
      type="button"
      role={item.isChecked === undefined ? 'menuitem' : 'menuitemcheckbox'}
      aria-checked={item.isChecked}
      className="vd-button vd-menu-item"
      tabIndex={-1}
      onClick={onSelect}
    >
      {item.icon && <Icon name={item.icon} size="small" />}
      <bdi className="vd-button-text">{item.label}</bdi>
      {item.isChecked && <Icon name="check" size="small" />}
    </button>
  );
}

/** Where a key moves the focus to; undefined for other keys. */
function entryAfter(key: string, entries: readonly HTMLElement[]): HTMLElement | undefined {
  const at = entries.findIndex((entry) => entry === focusedBeside(entry));
  const index = {
    ArrowDown: (at + 1) % entries.length,
    ArrowUp: (at - 1 + entries.length) % entries.length,
    Home: 0,
    End: entries.length - 1,
  }[key];
  return index === undefined ? undefined : entries[index];
}
