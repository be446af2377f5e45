import type { ReactNode } from 'react';
import type { UploadSnapshot } from '../../engine/index.js';
import { useWidget } from '../context.js';
import { percentOf, type Verb } from '../hooks/row-rules.js';
import { useGiveFile } from '../hooks/use-replace-file.js';
import { useIsNarrow } from '../hooks/use-is-narrow.js';
import type { Row } from '../hooks/use-row.js';
import type { MediaCopy } from '../media/use-media-copy.js';
import { Button } from './button.js';
import type { IconName } from './icon.js';
import { Menu } from './menu.js';

export const verbIcons: Record<Verb, IconName> = {
  start: 'play',
  pause: 'pause',
  resume: 'play',
  retry: 'retry',
  play: 'play',
};

export interface UploadActionsProps {
  upload: UploadSnapshot;
  row: Row;
  media: MediaCopy;
  /** Rows that are not the current one are left out of the tab order. */
  tabIndex: number;
}

/** Percent and fixed slots: an unused slot stays empty, so that columns never shift. */
export function UploadActions({ upload, row, media, tabIndex }: UploadActionsProps): ReactNode {
  const { messages, format, signIn } = useWidget();
  const isNarrow = useIsNarrow();
  const giveFile = useGiveFile(upload.id);
  const percent = percentOf(upload);
  const readyItems = [
    ...media.items,
    ...(row.end && row.doEnd ? [{ label: messages[row.end], icon: 'x' as const, onSelect: row.doEnd }] : []),
  ];
  const describedBy = `${upload.id}-name`;
  const common = { tabIndex, 'aria-describedby': describedBy };
  const emptySlot = <span className="vd-slot" />;
  const endButton = row.end && (
    <Button label={messages[row.end]} icon="x" isIconOnly data-slot="end" {...common} onClick={row.doEnd} />
  );

  if (upload.waiting?.for === 'file' && upload.owner === 'this')
    return (
      <div className="vd-end">
        <Button label={messages.chooseFile} look="line" data-slot="verb" {...common} onClick={giveFile} />
        {endButton}
      </div>
    );
  if (upload.waiting?.for === 'sign-in')
    return (
      <div className="vd-end">
        <Button label={messages.signIn} look="line" data-slot="verb" {...common} onClick={signIn} />
        {endButton}
      </div>
    );
  if (isNarrow && (row.doEdit || upload.status === 'ready')) {
    const editItem = row.doEdit && {
      label: messages.editDetails,
      icon: 'edit' as const,
      onSelect: row.doEdit,
    };
    const endItem = row.end &&
      row.doEnd && { label: messages[row.end], icon: 'x' as const, onSelect: row.doEnd };
    const others = upload.status === 'ready' ? readyItems : [endItem];
    return (
      <div className="vd-end">
        <VerbButton upload={upload} row={row} {...common} />
        <Menu
          label={messages.more}
          items={[editItem, ...others].filter((item) => item !== undefined)}
          tabIndex={tabIndex}
          describedBy={describedBy}
        />
      </div>
    );
  }
  return (
    <div className="vd-end">
      {percent !== undefined && (
        <span className="vd-percent vd-wide" aria-hidden="true">
          {format.percent(percent)}
        </span>
      )}
      {row.verb ? <VerbButton upload={upload} row={row} {...common} /> : emptySlot}
      {row.edit && !isNarrow && <EditButton row={row} {...common} />}
      {upload.status === 'ready' ? (
        <Menu label={messages.more} items={readyItems} tabIndex={tabIndex} describedBy={describedBy} />
      ) : (
        (endButton ?? emptySlot)
      )}
    </div>
  );
}

interface SlotProps {
  row: Row;
  tabIndex: number;
  'aria-describedby': string;
}

function VerbButton({
  upload,
  row: { verb, doVerb, player },
  ...common
}: SlotProps & { upload: UploadSnapshot }): ReactNode {
  const { messages } = useWidget();
  if (!verb) return null;
  const opensPlayer = verb === 'play';
  const isOpen = opensPlayer && player?.isOpen === true;
  return (
    <Button
      label={isOpen ? messages.closePlayer : messages[verb]}
      icon={isOpen ? 'up' : verbIcons[verb]}
      isIconOnly
      data-slot="verb"
      {...common}
      aria-expanded={opensPlayer ? isOpen : undefined}
      aria-controls={opensPlayer ? `${upload.id}-player` : undefined}
      onClick={doVerb}
    />
  );
}

function EditButton({ row, ...common }: SlotProps): ReactNode {
  const { messages } = useWidget();
  if (!row.doEdit) return <span className="vd-slot" />;
  return (
    <Button
      label={messages.editDetails}
      icon="edit"
      isIconOnly
      data-slot="edit"
      aria-haspopup="dialog"
      {...common}
      onClick={row.doEdit}
    />
  );
}
