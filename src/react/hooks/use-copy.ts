import { useEffect, useState } from 'react';
import { useWidget } from '../context.js';
import { focusedElement } from './focused-element.js';

/** Copies a text, and says so in these words. False where the browser does not allow it. */
type Copy = (text: string, said?: string) => Promise<boolean>;

/** Copies a text and says so; `hasCopied` is true for two seconds after. */
export function useCopy(): { hasCopied: boolean; copy: Copy } {
  const { announcer, messages } = useWidget();
  const [copiedAt, setCopiedAt] = useState<number>();
  useEffect(() => {
    if (copiedAt === undefined) return;
    const timer = setTimeout(() => {
      setCopiedAt(undefined);
    }, 2000);
    return () => {
      clearTimeout(timer);
    };
  }, [copiedAt]);
  return {
    hasCopied: copiedAt !== undefined,
    copy: async (text, said = messages.sayCopied) => {
      if (!(await writeText(text))) return false;
      setCopiedAt(Date.now());
      announcer.say(said, 'prompt');
      return true;
    },
  };
}

async function writeText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    // No clipboard on plain http pages and in some frames: the old way still works there.
    return copyBySelection(text);
  }
}

function copyBySelection(text: string): boolean {
  const area = document.createElement('textarea');
  const focused = focusedElement();
  area.value = text;
  area.style.cssText = 'position:fixed;opacity:0';
  document.body.append(area);
  area.select();
  const isCopied = typeof document.execCommand === 'function' && document.execCommand('copy');
  area.remove();
  if (focused instanceof HTMLElement) focused.focus();
  return isCopied;
}
