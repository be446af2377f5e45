import { useEffect, useState, type ReactNode } from 'react';
import { useWidget } from '../context.js';
import { Button } from './button.js';
import { Icon } from './icon.js';

const patienceMs = 8000;

/** In place of a part that a person has asked for, while it is loaded: after some seconds it says that it is not. */
export function LateNote({ onClose }: { onClose?: () => void }): ReactNode {
  const { messages } = useWidget();
  const [isLate, setIsLate] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => {
      setIsLate(true);
    }, patienceMs);
    return () => {
      clearTimeout(timer);
    };
  }, []);
  // Missing, too, it is not replaced by a sentence about something else.
  const text = messages.errors['code-unavailable'];
  if (!isLate || !text) return null;
  return (
    <div className="vd-panel">
      <div className="vd-note" role="alert">
        <Icon name="alert" />
        <bdi>
          {text.what} {text.todo}
        </bdi>
        {onClose && <Button label={messages.dismiss} icon="x" isIconOnly onClick={onClose} />}
      </div>
    </div>
  );
}
