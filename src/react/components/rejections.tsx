import type { ReactNode } from 'react';
import type { Rejection, RejectionCode } from '../../engine/index.js';
import { useWidget } from '../context.js';
import { useSelected } from '../hooks/use-uploads.js';
import { Button } from './button.js';
import { Icon } from './icon.js';

const namesShown = 3;

/** One card for all files of a drop that cannot be added, grouped by reason. Nothing while there are none. */
export function Rejections({ className = '' }: { className?: string }): ReactNode {
  const { uploader, messages, format, kind } = useWidget();
  const rejections = useSelected(uploader, (snapshot) => snapshot.rejections);
  const of = useSelected(uploader, (snapshot) => snapshot.rejectionsOutOf);
  if (!rejections.length) return null;

  return (
    <div className={`vd-panel vd-note ${className}`.trim()} data-vodrop="rejections" role="group" aria-label={messages.refusedLabel}>
      <Icon name="alert" />
      <div className="vd:min-w-0">
        <div className="vd-note-title"><bdi>{messages.refused({ count: rejections.length, of: Math.max(of, rejections.length) }, format)}</bdi></div>
        <ul className="vd-reasons" role="list">
          {groupByReason(rejections).map(({ code, limit, message, names }) => (
            <li key={`${code}${limit ?? ''}`} data-rejection-code={code}>
              <span className="vd-reason">
                {messages.refusedReason({ text: messages.rejections[code]({ kind, limit, message }, format), count: names.length }, format)}
              </span>
              <span className="vd-reason-names" title={names.join('\n')}><bdi>{shorten(names, (count) => messages.refusedMore({ count }, format))}</bdi></span>
            </li>
          ))}
        </ul>
      </div>
      <Button label={messages.dismiss} icon="x" isIconOnly onClick={() => { uploader.dismissRejections(); }} />
    </div>
  );
}

interface ReasonGroup { code: RejectionCode; limit: number | undefined; message: string | undefined; names: string[] }

function groupByReason(rejections: readonly Rejection[]): ReasonGroup[] {
  const groups = new Map<string, ReasonGroup>();
  for (const { code, limit, message, file } of rejections) {
    const key = `${code} ${limit ?? ''} ${message ?? ''}`;
    const group = groups.get(key) ?? { code, limit, message, names: [] };
    group.names.push(file.name);
    groups.set(key, group);
  }
  return [...groups.values()].sort((a, b) => b.names.length - a.names.length);
}

function shorten(names: readonly string[], more: (count: number) => string): string {
  const rest = names.length - namesShown;
  return [...names.slice(0, namesShown), ...(rest > 0 ? [more(rest)] : [])].join(', ');
}
