import type { ReactNode } from 'react';
import { useWidget } from '../../context.js';
import { useOnDemandWords } from '../../hooks/use-on-demand-words.js';
import { PictureButton, type PictureButtonProps } from './picture-button.js';

/** With words that are loaded on demand, so that the words of every page are no more. A lazy chunk. */
export function ChooseByTouch(props: Omit<PictureButtonProps, 'label'>): ReactNode {
  const { messages } = useWidget();
  const words = useOnDemandWords('sources');
  return <PictureButton {...props} label={(words ?? messages).choosePicture} />;
}
