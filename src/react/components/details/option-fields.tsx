import { useId, useState, type KeyboardEvent, type ReactNode } from 'react';
import { useWidget } from '../../context.js';
import type { DetailField } from '../../hooks/details-offer.js';
import { Icon } from '../icon.js';

export interface OptionFieldsProps {
  fields: readonly DetailField[];
  options: Readonly<Record<string, unknown>>;
  isEditable: boolean;
  onChange: (name: DetailField, value: unknown) => void;
}

/** Title, description and tags, as far as the provider takes them. */
export function OptionFields({ fields, options, isEditable, onChange }: OptionFieldsProps): ReactNode {
  const { messages } = useWidget();
  const id = useId();
  const text = (name: DetailField) => (typeof options[name] === 'string' ? options[name] : '');
  return fields.map((field) => {
    // `form` without an id: no field of the form in which the host may have put the widget.
    const common = {
      id: `${id}${field}`,
      disabled: !isEditable,
      name: field,
      form: '',
      dir: 'auto' as const,
    };
    if (field === 'tags') {
      const tags = Array.isArray(options['tags'])
        ? options['tags'].filter((tag): tag is string => typeof tag === 'string')
        : [];
      return (
        <TagsField
          key={field}
          tags={tags}
          isEditable={isEditable}
          onChange={(next) => {
            onChange('tags', next);
          }}
        />
      );
    }
    return (
      <div className="vd-field" key={field}>
        <label className="vd-label" htmlFor={common.id}>
          {messages[field]}
        </label>
        {field === 'title' ? (
          <input
            className="vd-input"
            type="text"
            value={text(field)}
            onChange={(event) => {
              onChange(field, event.currentTarget.value);
            }}
            {...common}
          />
        ) : (
          <textarea
            className="vd-input"
            rows={3}
            value={text(field)}
            onChange={(event) => {
              onChange(field, event.currentTarget.value);
            }}
            {...common}
          />
        )}
      </div>
    );
  });
}

/** Words in a row; Enter or a comma adds one, Backspace in the empty field takes the last away. */
function TagsField({
  tags,
  isEditable,
  onChange,
}: {
  tags: readonly string[];
  isEditable: boolean;
  onChange: (tags: string[]) => void;
}): ReactNode {
  const { messages } = useWidget();
  const [text, setText] = useState('');
  const id = useId();
  const add = () => {
    const words = text
      .split(/[,，、]/)
      .map((word) => word.trim())
      .filter((word) => word && !tags.includes(word));
    if (words.length) onChange([...tags, ...words]);
    setText('');
  };
  const onKeyDown = (event: KeyboardEvent) => {
    // An Enter that ends the choice of a Chinese or Japanese word is not meant for us.
    if (event.nativeEvent.isComposing) return;
    if ((event.key === 'Enter' || event.key === ',') && text.trim()) {
      event.preventDefault();
      add();
    }
    if (event.key === 'Backspace' && !text) onChange(tags.slice(0, -1));
  };
  return (
    <div className="vd-field">
      <label className="vd-label" htmlFor={id}>
        {messages.tags}
        <span className="vd-label-note">{messages.tagsNote}</span>
      </label>
      <div className="vd-input vd-tags">
        {tags.map((tag) => (
          <span className="vd-tag" key={tag}>
            <bdi>{tag}</bdi>
            <button
              type="button"
              className="vd-tag-remove"
              disabled={!isEditable}
              aria-label={messages.removeNamed(tag)}
              onClick={() => {
                onChange(tags.filter((one) => one !== tag));
              }}
            >
              <Icon name="x" size="small" />
            </button>
          </span>
        ))}
        <input
          className="vd-tag-input"
          type="text"
          id={id}
          form=""
          dir="auto"
          value={text}
          disabled={!isEditable}
          onChange={(event) => {
            setText(event.currentTarget.value);
          }}
          onKeyDown={onKeyDown}
          onBlur={add}
        />
      </div>
    </div>
  );
}
