import { useId, useState, type ReactNode } from 'react';
import type { AttachmentSnapshot, Capabilities, UploadSnapshot } from '../../../engine/index.js';
import { useWidget } from '../../context.js';
import { languageIn, parseSubtitles, type SubtitleTrouble } from '../../files/parse-subtitles.js';
import { pickFiles } from '../../files/pick-files.js';
import { failureText } from '../../messages/index.js';
import { Button } from '../button.js';
import { Icon } from '../icon.js';
import { nativeName, type Draft } from './use-draft.js';

export interface SubtitlesFieldProps {
  upload: UploadSnapshot;
  rule: NonNullable<Capabilities['subtitles']>;
  isEditable: boolean;
  draft: Draft;
  onChange: (parts: Partial<Draft>) => void;
}

/** Offered where the service takes any. */
const commonLanguages = [
  'en',
  'zh-CN',
  'zh-TW',
  'ja',
  'ko',
  'es',
  'pt',
  'fr',
  'de',
  'it',
  'nl',
  'pl',
  'ru',
  'uk',
  'tr',
  'ar',
  'he',
  'hi',
  'id',
  'th',
  'vi',
];

/** A file that was given; with trouble it is shown and not sent. */
interface Given {
  readonly key: string;
  readonly file: File;
  readonly lines: number;
  readonly trouble: SubtitleTrouble | 'too-large' | undefined;
}

/** Subtitle files, each read before it is taken, with its language. */
export function SubtitlesField({
  upload,
  rule,
  isEditable,
  draft,
  onChange,
}: SubtitlesFieldProps): ReactNode {
  const { messages, format } = useWidget();
  const [given, setGiven] = useState<readonly Given[]>([]);
  const label = useId();
  const languages = rule.languages ?? commonLanguages;
  const stored = upload.attachments.filter(
    ({ kind, attachmentId }) => kind === 'subtitle' && !draft.removedIds.has(attachmentId),
  );
  const isFull = stored.length + draft.subtitles.length >= rule.maxCount;

  const add = async () => {
    const [file] = await pickFiles({ accept: rule.formats.map((extension) => `.${extension}`).join(',') });
    if (!file) return;
    const one = await check(file, rule);
    setGiven((before) => [...before, one]);
    if (one.trouble) return;
    const taken = new Set([
      ...stored.map(({ language }) => language),
      ...draft.subtitles.map(({ language }) => language),
    ]);
    const language =
      languageIn(file.name, languages) ?? languages.find((tag) => !taken.has(tag)) ?? languages[0] ?? 'en';
    onChange({ subtitles: [...draft.subtitles, { key: one.key, file, language }] });
  };
  const remove = (key: string) => {
    setGiven((before) => before.filter((one) => one.key !== key));
    onChange({ subtitles: draft.subtitles.filter((one) => one.key !== key) });
  };

  return (
    <div className="vd-field">
      <div className="vd-label" id={label}>
        <span>{messages.subtitles}</span>
        <span className="vd-label-note">
          {format.list(
            rule.formats.map((name) => name.toUpperCase()),
            'or',
          )}
        </span>
      </div>
      <ul className="vd-subtitles" role="list" aria-labelledby={label}>
        {stored.map((attachment) => (
          <StoredSubtitle
            key={attachment.attachmentId}
            attachment={attachment}
            onRemove={() => {
              onChange({ removedIds: new Set([...draft.removedIds, attachment.attachmentId]) });
            }}
          />
        ))}
        {given.map(({ key, file, lines, trouble }) => (
          <li key={key}>
            {trouble ? (
              <span />
            ) : (
              <select
                className="vd-select"
                aria-label={`${messages.language}: ${file.name}`}
                value={draft.subtitles.find((one) => one.key === key)?.language}
                onChange={(event) => {
                  const language = event.currentTarget.value;
                  onChange({
                    subtitles: draft.subtitles.map((one) => (one.key === key ? { ...one, language } : one)),
                  });
                }}
              >
                {languages.map((tag) => (
                  <option key={tag} value={tag} lang={tag}>
                    {nativeName(tag)}
                  </option>
                ))}
              </select>
            )}
            <span className="vd-subtitle-file" title={file.name}>
              {trouble ? (
                <span className="vd-trouble" role="alert">
                  <Icon name="alert" size="small" />
                  <bdi>
                    {trouble === 'too-large'
                      ? messages.tooLarge(rule.maxSizeBytes ?? 0, format)
                      : messages.subtitleTrouble(trouble, format)}
                  </bdi>
                </span>
              ) : (
                <bdi>
                  {file.name}, {messages.lines(lines, format)}
                </bdi>
              )}
            </span>
            <Button
              label={messages.removeNamed(file.name)}
              icon="trash"
              isIconOnly
              onClick={() => {
                remove(key);
              }}
            />
          </li>
        ))}
        <li>
          <Button
            label={messages.addFile}
            icon="plus"
            disabled={!isEditable || isFull}
            onClick={() => {
              void add();
            }}
          />
        </li>
      </ul>
    </div>
  );
}

function StoredSubtitle({
  attachment,
  onRemove,
}: {
  attachment: AttachmentSnapshot;
  onRemove: () => void;
}): ReactNode {
  const { messages } = useWidget();
  const { fileName, language, status, error } = attachment;
  return (
    <li data-status={status}>
      <span className="vd-subtitle-language">{language === undefined ? '' : nativeName(language)}</span>
      <span className="vd-subtitle-file" title={fileName}>
        {error ? (
          <span className="vd-trouble">
            <Icon name="alert" size="small" />
            <bdi>{failureText(messages, error.code).what}</bdi>
          </span>
        ) : (
          <bdi>{fileName}</bdi>
        )}
      </span>
      {status === 'waiting' || status === 'failed' ? (
        <Button label={messages.removeNamed(fileName)} icon="trash" isIconOnly onClick={onRemove} />
      ) : (
        <span className="vd-slot vd-done">
          <Icon name="check" size="small" />
        </span>
      )}
    </li>
  );
}

let serial = 0;

async function check(file: File, { maxSizeBytes }: SubtitlesFieldProps['rule']): Promise<Given> {
  serial += 1;
  const key = `subtitle-${serial}`;
  if (maxSizeBytes !== undefined && file.size > maxSizeBytes)
    return { key, file, lines: 0, trouble: 'too-large' };
  const parsed = parseSubtitles(await file.text().catch(() => ''));
  return { key, file, lines: parsed.trouble ? 0 : parsed.cues, trouble: parsed.trouble };
}
