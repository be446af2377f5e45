import { useId, useState, type ChangeEvent, type KeyboardEvent, type ReactNode } from 'react';
import type { UploadSnapshot } from '../../../engine/index.js';
import { useWidget } from '../../context.js';
import { isTooLong, lengthIn, type TextLimit } from '../../format/index.js';
import { canSet, valueOf, type DetailField, type DetailsOffer } from '../../hooks/details-offer.js';
import { Icon } from '../icon.js';

export interface OptionFieldsProps {
  upload: UploadSnapshot;
  offer: DetailsOffer;
  options: Readonly<Record<string, unknown>>;
  onChange: (name: DetailField, value: unknown) => void;
}

/** Title, description and tags: fields where the provider takes them, text where it does so no more. */
export function OptionFields({ upload, offer, options, onChange }: OptionFieldsProps): ReactNode {
  return offer.fields.map((field) => {
    if (!canSet(upload, offer, field))
      return <FixedField key={field} field={field} value={valueOf(upload, field)} />;
    if (field === 'tags')
      return (
        <TagsField
          key={field}
          tags={tagsIn(options['tags'])}
          limit={offer.updates.tags}
          onChange={(next) => {
            onChange('tags', next);
          }}
        />
      );
    return (
      <TextField
        key={field}
        field={field}
        text={typeof options[field] === 'string' ? options[field] : ''}
        limit={offer.updates[field]}
        onChange={(text) => {
          onChange(field, text);
        }}
      />
    );
  });
}

/** The first field whose text is longer than the service takes. */
export function tooLongIn(
  options: Readonly<Record<string, unknown>>,
  { updates }: DetailsOffer,
): DetailField | undefined {
  return (['title', 'description'] as const).find((field) => {
    const text = options[field];
    return typeof text === 'string' && isTooLong(text, updates[field]);
  });
}

function tagsIn(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((tag): tag is string => typeof tag === 'string') : [];
}

/** What can be changed no more is text; a field of it would be a promise. */
function FixedField({ field, value }: { field: DetailField; value: unknown }): ReactNode {
  const { messages, format } = useWidget();
  const text = typeof value === 'string' ? value : format.list(tagsIn(value));
  if (!text) return null;
  return (
    <div className="vd-field">
      <div className="vd-label">{messages[field]}</div>
      <div className="vd-fixed" dir="auto">
        {text}
      </div>
    </div>
  );
}

function TextField({
  field,
  text,
  limit,
  onChange,
}: {
  field: 'title' | 'description';
  text: string;
  limit: TextLimit | undefined;
  onChange: (text: string) => void;
}): ReactNode {
  const { messages } = useWidget();
  const id = useId();
  const common = {
    id,
    name: field,
    // Without an id: no field of the form in which the host may have put the widget.
    form: '',
    dir: 'auto' as const,
    className: 'vd-input',
    value: text,
    'aria-invalid': isTooLong(text, limit) || undefined,
    'aria-describedby': limit && `${id}-count`,
    onChange: ({ currentTarget: { value } }: ChangeEvent<HTMLInputElement | HTMLTextAreaElement>) => {
      onChange(value);
    },
  };
  return (
    <div className="vd-field">
      <div className="vd-label">
        <label htmlFor={id}>{messages[field]}</label>
        <TextCount id={`${id}-count`} text={text} limit={limit} />
      </div>
      {field === 'title' ? <input type="text" {...common} /> : <textarea rows={3} {...common} />}
    </div>
  );
}

/** `33 / 128`: how much of the limit is used. */
function TextCount({
  id,
  text,
  limit,
}: {
  id: string;
  text: string;
  limit: TextLimit | undefined;
}): ReactNode {
  const { format } = useWidget();
  if (!limit) return null;
  const count = `${format.number(lengthIn(text, limit.unit))} / ${format.number(limit.maxLength)}`;
  return (
    <span className="vd-label-note" id={id} data-tone={isTooLong(text, limit) ? 'bad' : undefined}>
      <bdi>{count}</bdi>
    </span>
  );
}

/** Words in a row; Enter or a comma adds one, Backspace in the empty field takes the last away. */
function TagsField({
  tags,
  limit,
  onChange,
}: {
  tags: readonly string[];
  limit: (TextLimit & { maxCount: number }) | undefined;
  onChange: (tags: string[]) => void;
}): ReactNode {
  const { messages } = useWidget();
  const [text, setText] = useState('');
  const id = useId();
  const add = () => {
    const words = text
      .split(/[,，、]/)
      .map((word) => word.trim())
      .filter((word) => word && !tags.includes(word) && !isTooLong(word, limit));
    if (words.length) onChange([...tags, ...words].slice(0, limit?.maxCount));
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
          maxLength={limit?.maxLength}
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
