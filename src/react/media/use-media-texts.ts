import { createContext, use } from 'react';
import type { UploadSnapshot } from '../../engine/index.js';
import { callHost } from '../../engine/shared.js';
import { playableUrl } from '../hooks/row-rules.js';

/** A text about a ready upload, from the host: the widget does not know the host's player. */
export type MediaText = (upload: UploadSnapshot) => string | undefined;

export const MediaTexts = createContext<{
  readonly link: MediaText | undefined;
  readonly embed: MediaText | undefined;
}>({ link: undefined, embed: undefined });

/** What can be copied of a ready upload; without the host's function, the link is the address of the file. */
export function useMediaTexts(upload: UploadSnapshot): {
  readonly link: string | undefined;
  readonly embed: string | undefined;
} {
  const { link, embed } = use(MediaTexts);
  if (upload.status !== 'ready') return { link: undefined, embed: undefined };
  return {
    link: link ? ask(link, upload) : playableUrl(upload),
    embed: embed && ask(embed, upload),
  };
}

function ask(text: MediaText, upload: UploadSnapshot): string | undefined {
  let answer: string | undefined;
  callHost(() => {
    answer = text(upload);
  });
  return answer;
}
