import { useMemo, type ReactNode } from 'react';
import { splitName } from '../format/index.js';

/** A file's name on one line: the head gives way, the last letters and the extension stay. */
export function FileName({ name, id }: { name: string; id?: string }): ReactNode {
  const { head, tail } = useMemo(() => splitName(name), [name]);
  return (
    <div className="vd-name" dir="auto" title={name} id={id}>
      <span className="vd-name-head">{head}</span>
      {tail && <span className="vd-name-tail">{tail}</span>}
    </div>
  );
}
