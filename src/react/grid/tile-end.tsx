import type { ReactNode } from 'react';
import type { UploadSnapshot } from '../../engine/index.js';
import { Button } from '../components/button.js';
import { Menu, type MenuItem } from '../components/menu.js';
import { verbIcons } from '../components/upload-actions.js';
import { needsOtherFile } from '../components/upload-failure.js';
import { useWidget } from '../context.js';
import { diagnosticsOf } from '../format/diagnostics.js';
import { useCopy } from '../hooks/use-copy.js';
import { useIsNarrow } from '../hooks/use-is-narrow.js';
import { useGiveFile, useReplaceFile } from '../hooks/use-replace-file.js';
import type { Row } from '../hooks/use-row.js';
import type { MediaCopy } from '../media/use-media-copy.js';

export interface TileEndProps {
  upload: UploadSnapshot;
  row: Row;
  media: MediaCopy;
  tabIndex: number;
}

/** The buttons beside the name: pause, resume and the like, and the rest in a menu. */
export function TileEnd({ upload, row, media, tabIndex }: TileEndProps): ReactNode {
  const { messages } = useWidget();
  const items = useMenuItems(upload, row, media);
  const describedBy = `${upload.id}-name`;
  const common = { tabIndex, 'aria-describedby': describedBy };
  const [only] = items;
  const isNarrow = useIsNarrow();
  return (
    <div className="vd-end">
      {row.verb && row.verb !== 'play' && !isNarrow && (
        <Button
          label={messages[row.verb]}
          icon={verbIcons[row.verb]}
          isIconOnly
          data-slot="verb"
          {...common}
          onClick={row.doVerb}
        />
      )}
      {items.length === 1 && only ? (
        <Button
          label={only.label}
          icon={only.icon}
          isIconOnly
          data-slot="end"
          {...common}
          onClick={only.onSelect}
        />
      ) : (
        items.length > 0 && (
          <Menu label={messages.more} items={items} tabIndex={tabIndex} describedBy={describedBy} />
        )
      )}
    </div>
  );
}

function useMenuItems(upload: UploadSnapshot, row: Row, media: MediaCopy): readonly MenuItem[] {
  const { messages } = useWidget();
  const { copy } = useCopy();
  // Beside two buttons a narrow tile has no room for the name.
  const verb = useIsNarrow() && row.verb !== 'play' ? row.verb : undefined;
  return [
    ...(verb && row.doVerb ? [{ label: messages[verb], icon: verbIcons[verb], onSelect: row.doVerb }] : []),
    ...(row.doEdit ? [{ label: messages.editDetails, icon: 'edit' as const, onSelect: row.doEdit }] : []),
    ...media.items,
    ...(upload.status === 'failed'
      ? [
          {
            label: messages.copyDetails,
            icon: 'copy' as const,
            onSelect: () => void copy(diagnosticsOf(upload, Date.now())),
          },
        ]
      : []),
    ...(row.end && row.doEnd ? [{ label: messages[row.end], icon: 'x' as const, onSelect: row.doEnd }] : []),
  ];
}

/** What only a person can give, in words: the file again, another file, or the sign-in. */
export function TileNeed({ upload, tabIndex }: { upload: UploadSnapshot; tabIndex: number }): ReactNode {
  const { messages, signIn } = useWidget();
  const giveFile = useGiveFile(upload.id);
  const replaceFile = useReplaceFile(upload.id);
  const need = needOf(upload);
  if (!need) return null;
  const act = { file: giveFile, otherFile: replaceFile, signIn }[need];
  return (
    <div className="vd-tile-need">
      <Button
        label={need === 'signIn' ? messages.signIn : messages.chooseFile}
        look="line"
        data-slot="verb"
        tabIndex={tabIndex}
        aria-describedby={`${upload.id}-name`}
        onClick={act}
      />
    </div>
  );
}

function needOf({
  waiting,
  owner,
  status,
  error,
}: UploadSnapshot): 'file' | 'otherFile' | 'signIn' | undefined {
  if (waiting?.for === 'file' && owner === 'this') return 'file';
  if (waiting?.for === 'sign-in') return 'signIn';
  return status === 'failed' && error && needsOtherFile(error) ? 'otherFile' : undefined;
}
