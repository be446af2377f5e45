import { useId, useState, type ReactNode } from 'react';
import type { AttachmentSnapshot, Capabilities, UploadSnapshot } from '../../../engine/index.js';
import { useWidget } from '../../context.js';
import {
  decodeSubtitles,
  languageIn,
  parseSubtitles,
  type SubtitleTrouble,
} from '../../files/parse-subtitles.js';
import { pickFiles } from '../../files/pick-files.js';
import { failureText } from '../../messages/index.js';
import { Button } from '../button.js';
import { Icon } from '../icon.js';
import { Problem } from './problem.js';
import { RetryAttachment } from './retry-attachment.js';
import { nativeName, type Draft } from './use-draft.js';

export interface SubtitlesFieldProps {
  upload: UploadSnapshot;
  rule: NonNullable<Capabilities['subtitles']>;
  isEditable: boolean;
  draft: Draft;
  onChange: (patch: Partial<Draft>) => void;
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

/** A file that was chosen; one with trouble is shown and not sent. */
interface ChosenFile {
  readonly key: string;
  readonly file: File;
  readonly lines: number;
  readonly trouble: SubtitleTrouble | 'too-large' | undefined;
}

/** Subtitle files with their languages. Each is read before it is accepted. */
export function SubtitlesField({
  upload,
  rule,
  isEditable,
  draft,
  onChange,
}: SubtitlesFieldProps): ReactNode {
  const { messages, format } = useWidget();
  const label = useId();
  const languages = rule.languages ?? commonLanguages;
  const stored = upload.attachments.filter(
    ({ kind, attachmentId }) => kind === 'subtitle' && !draft.removedIds.has(attachmentId),
  );
  const taken = [...stored, ...draft.subtitles].map(({ language }) => language);
  const { chosen, add, remove } = useChosenFiles({ rule, languages, taken, draft, onChange });

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
            uploadId={upload.id}
            attachment={attachment}
            onRemove={() => {
              onChange({ removedIds: new Set([...draft.removedIds, attachment.attachmentId]) });
            }}
          />
        ))}
        {chosen.map((one) => (
          <ChosenSubtitle
            key={one.key}
            chosen={one}
            rule={rule}
            languages={languages}
            language={draft.subtitles.find(({ key }) => key === one.key)?.language}
            onLanguage={(language) => {
              onChange({
                subtitles: draft.subtitles.map((each) =>
                  each.key === one.key ? { ...each, language } : each,
                ),
              });
            }}
            onRemove={() => {
              remove(one.key);
            }}
          />
        ))}
        {isEditable && (
          <li>
            <Button
              label={messages.addFile}
              icon="plus"
              disabled={taken.length >= rule.maxCount}
              onClick={() => {
                void add();
              }}
            />
          </li>
        )}
      </ul>
    </div>
  );
}

/** The files chosen in this dialog; those without trouble are part of the draft. */
function useChosenFiles({
  rule,
  languages,
  taken,
  draft,
  onChange,
}: Pick<SubtitlesFieldProps, 'rule' | 'draft' | 'onChange'> & {
  languages: readonly string[];
  taken: readonly (string | undefined)[];
}): { chosen: readonly ChosenFile[]; add: () => Promise<void>; remove: (key: string) => void } {
  const [chosen, setChosen] = useState<readonly ChosenFile[]>([]);
  return {
    chosen,
    add: async () => {
      const accept = rule.formats.map((extension) => `.${extension}`).join(',');
      const [file] = await pickFiles({ accept });
      if (!file) return;
      const one = await check(file, rule);
      setChosen((before) => [...before, one]);
      if (one.trouble) return;
      const language =
        languageIn(file.name, languages) ??
        languages.find((tag) => !taken.includes(tag)) ??
        languages[0] ??
        'en';
      onChange({ subtitles: [...draft.subtitles, { key: one.key, file: one.file, language }] });
    },
    remove: (key) => {
      setChosen((before) => before.filter((one) => one.key !== key));
      onChange({ subtitles: draft.subtitles.filter((one) => one.key !== key) });
    },
  };
}

function ChosenSubtitle({
  chosen: { file, lines, trouble },
  rule,
  languages,
  language,
  onLanguage,
  onRemove,
}: {
  chosen: ChosenFile;
  rule: SubtitlesFieldProps['rule'];
  languages: readonly string[];
  language: string | undefined;
  onLanguage: (language: string) => void;
  onRemove: () => void;
}): ReactNode {
  const { messages, format } = useWidget();
  return (
    <li>
      {trouble ? (
        <span />
      ) : (
        <select
          className="vd-select"
          aria-label={`${messages.language}: ${file.name}`}
          value={language}
          onChange={(event) => {
            onLanguage(event.currentTarget.value);
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
          <Problem
            text={
              trouble === 'too-large'
                ? messages.tooLarge(rule.maxSizeBytes ?? 0, format)
                : messages.subtitleTrouble(trouble, format)
            }
            isSpoken
          />
        ) : (
          <bdi>
            {file.name}, {messages.lines(lines, format)}
          </bdi>
        )}
      </span>
      <Button label={messages.removeNamed(file.name)} icon="trash" isIconOnly onClick={onRemove} />
    </li>
  );
}

function StoredSubtitle({
  uploadId,
  attachment,
  onRemove,
}: {
  uploadId: string;
  attachment: AttachmentSnapshot;
  onRemove: () => void;
}): ReactNode {
  const { messages } = useWidget();
  const { fileName, language, status, error } = attachment;
  return (
    <li data-status={status}>
      <span className="vd-subtitle-language">{language === undefined ? '' : nativeName(language)}</span>
      <span className="vd-subtitle-file" title={fileName}>
        {error ? <Problem text={failureText(messages, error.code).what} /> : <bdi>{fileName}</bdi>}
      </span>
      {status === 'waiting' || status === 'failed' ? (
        <span className="vd-subtitle-buttons">
          {status === 'failed' && <RetryAttachment uploadId={uploadId} attachment={attachment} />}
          <Button label={messages.removeNamed(fileName)} icon="trash" isIconOnly onClick={onRemove} />
        </span>
      ) : (
        <span className="vd-slot vd-done">
          <Icon name="check" size="small" />
        </span>
      )}
    </li>
  );
}

let serial = 0;

async function check(file: File, { maxSizeBytes }: SubtitlesFieldProps['rule']): Promise<ChosenFile> {
  serial += 1;
  const key = `subtitle-${serial}`;
  if (maxSizeBytes !== undefined && file.size > maxSizeBytes)
    return { key, file, lines: 0, trouble: 'too-large' };
  const bytes = await file.arrayBuffer().catch(() => undefined);
  if (!bytes) return { key, file, lines: 0, trouble: { what: 'unreadable', line: 1 } };
  const text = decodeSubtitles(new Uint8Array(bytes));
  if (text === undefined) return { key, file, lines: 0, trouble: { what: 'encoding', line: 1 } };
  const parsed = parseSubtitles(text);
  // Sent as UTF-8, which every service and player reads.
  const sent = isUtf16(bytes) ? new File([text], file.name, { type: file.type }) : file;
  return { key, file: sent, lines: parsed.trouble ? 0 : parsed.cues, trouble: parsed.trouble };
}

function isUtf16(bytes: ArrayBuffer): boolean {
  const [mark] = new Uint16Array(bytes.slice(0, 2));
  return mark === 0xfeff || mark === 0xfffe;
}
