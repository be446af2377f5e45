import type { ReactNode } from 'react';
import { pickFiles } from '../../files/pick-files.js';
import { Button } from '../button.js';

export interface PictureButtonProps {
  label: string;
  accept: readonly string[];
  onPick: (file: File | undefined) => void;
}

export function PictureButton({ label, accept, onPick }: PictureButtonProps): ReactNode {
  return (
    <Button
      label={label}
      icon="image"
      className="vd-button-wraps"
      onClick={() => {
        void pickFiles({ accept: accept.join(',') }).then(([file]) => {
          onPick(file);
        });
      }}
    />
  );
}
