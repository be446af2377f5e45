import { useMemo, type ReactNode } from 'react';
import { splitName } from '../format/index.js';

/** A file's name on one line: the head gives way, the last letters and the extension stay. A title has no extension. */
export function FileName({
  name,
  id,
  hasExtension = true,
}: {
  name: string;
  id?: string;
  hasExtension?: boolean;
}): ReactNode {
  const { head, tail } = useMemo(
    () => (hasExtension ? splitName(name) : { head: name, tail: '' }),
    [name, hasExtension],
  );
  return (
    <div className="vd-name" dir="auto" title={name} id={id}>
      <span className="vd-name-head">{head}</span>
      {tail && <span className="vd-name-tail">{tail}</span>}
    </div>
  );
}
