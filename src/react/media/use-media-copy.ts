import { useEffect, useState } from 'react';
import type { UploadSnapshot } from '../../engine/index.js';
import type { IconName } from '../components/icon.js';
import { useWidget } from '../context.js';
import { useCopy } from '../hooks/use-copy.js';
import { useMediaTexts } from './use-media-texts.js';

export interface MediaCopyItem {
  readonly kind: 'id' | 'link' | 'embed';
  readonly label: string;
  readonly icon: IconName;
  readonly onSelect: () => void;
}

export interface MediaCopy {
  /** What can be copied of a ready upload. */
  readonly items: readonly MediaCopyItem[];
  /** What has just become of a copy, to be shown in place of the status. */
  readonly notice: { readonly text: string; readonly isDone: boolean } | undefined;
}

const noticeMs = 2000;

/** Media id, link and embed code of a ready upload, for menu and tile. What became of a copy is shown and spoken. */
export function useMediaCopy(upload: UploadSnapshot): MediaCopy {
  const { messages, announcer } = useWidget();
  const { copy } = useCopy();
  const { link, embed } = useMediaTexts(upload);
  const mediaId = upload.status === 'ready' ? upload.mediaId : undefined;
  const [notice, setNotice] = useState<MediaCopy['notice']>();
  useEffect(() => {
    if (!notice) return;
    const timer = setTimeout(() => {
      setNotice(undefined);
    }, noticeMs);
    return () => {
      clearTimeout(timer);
    };
  }, [notice]);
  const item = (
    kind: MediaCopyItem['kind'],
    text: string | undefined,
    { label, icon, said }: { label: string; icon: IconName; said: string },
  ): readonly MediaCopyItem[] => {
    if (text === undefined) return [];
    const onSelect = () => {
      void copy(text, said).then((isCopied) => {
        setNotice({ text: isCopied ? said : messages.notCopied, isDone: isCopied });
        if (!isCopied) announcer.say(messages.notCopied, 'prompt');
      });
    };
    return [{ kind, label, icon, onSelect }];
  };
  return {
    items: [
      ...item('id', mediaId, { label: messages.copyMediaId, icon: 'copy', said: messages.sayCopied }),
      ...item('link', link, { label: messages.copyLink, icon: 'link', said: messages.linkCopied }),
      ...item('embed', embed, { label: messages.copyEmbed, icon: 'embed', said: messages.embedCopied }),
    ],
    notice,
  };
}
