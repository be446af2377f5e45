import { Suspense, type ReactNode } from 'react';
import { useWidget } from '../../context.js';
import { lazyPart } from '../lazy-part.js';
import { PictureButton, type PictureButtonProps } from './picture-button.js';

const ByTouch = lazyPart(() => import('./choose-by-touch.js').then(({ ChooseByTouch }) => ChooseByTouch));

/** Opens the choice of a picture. On a device that is used by touch it says nothing of dropping. */
export function ChoosePicture(props: Omit<PictureButtonProps, 'label'>): ReactNode {
  const { messages } = useWidget();
  const button = <PictureButton {...props} label={messages.choosePicture} />;
  // Absent in jsdom, in which hosts test.
  if (!('matchMedia' in window) || !matchMedia('(pointer: coarse)').matches) return button;
  return (
    <Suspense fallback={button}>
      <ByTouch {...props} />
    </Suspense>
  );
}
