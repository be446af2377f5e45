import type { ReactNode } from 'react';
import type { Rejection, RejectionCode } from '../../engine/index.js';
import { useWidget } from '../context.js';
import { typeNames } from '../files/accept.js';
import { useSelected } from '../hooks/use-uploads.js';
import { codecName } from '../messages/sentences.js';
import { Button } from './button.js';
import { HostPart } from './host-part.js';
import { Icon } from './icon.js';

const namesShown = 3;

/** Props of {@link Rejections}. */
export interface RejectionsProps {
  className?: string;
  /** Contents of one's own. */
  children?: (rejections: readonly Rejection[], dismiss: () => void) => ReactNode;
}

/** See {@link Rejections}, which loads it. */
export function RejectionsCard({ className = '', children }: RejectionsProps): ReactNode {
  const { uploader, messages } = useWidget();
  const rejections = useSelected(uploader, (snapshot) => snapshot.rejections);
  if (!rejections.length) return null;

  const dismiss = () => {
    uploader.dismissRejections();
  };
  const own =
    children &&
    (() => (
      <div
        className={`vd-panel ${className}`.trim()}
        data-vodrop="rejections"
        role="group"
        aria-label={messages.rejectedLabel}
      >
        {children(rejections, dismiss)}
      </div>
    ));
  return <HostPart render={own} otherwise={<Card {...{ className, rejections, dismiss }} />} />;
}

interface CardProps {
  className: string;
  rejections: readonly Rejection[];
  dismiss: () => void;
}

function Card({ className, rejections, dismiss }: CardProps): ReactNode {
  const { uploader, messages, format, kind, accept } = useWidget();
  const of = useSelected(uploader, (snapshot) => snapshot.checkedFileCount);
  return (
    <div
      className={`vd-panel vd-note ${className}`.trim()}
      data-vodrop="rejections"
      role="group"
      aria-label={messages.rejectedLabel}
    >
      <Icon name="alert" />
      <div className="vd:min-w-0">
        <div className="vd-note-title">
          <bdi>
            {messages.rejected({ count: rejections.length, of: Math.max(of, rejections.length) }, format)}
          </bdi>
        </div>
        <ul className="vd-reasons" role="list">
          {groupByReason(rejections).map(({ code, limit, message, accepted, files }) => {
            const names = files.map(({ name, actual }) =>
              actual === undefined || files.length === 1
                ? name
                : messages.rejectedActual({ name, code, actual }, format),
            );
            const types = code === 'file-invalid-type' ? typeNames(accept) : accepted?.map(codecName);
            const only = files.length === 1 ? files[0] : undefined;
            return (
              <li
                key={`${code}${limit ?? ''}${message ?? ''}`}
                data-rejection-code={code}
                data-one={only?.actual !== undefined || undefined}
              >
                <span className="vd-reason">
                  {messages.rejectedReason(
                    {
                      text: messages.rejections[code]({ kind, limit, message, actual: only?.actual }, format),
                      count: files.length,
                    },
                    format,
                  )}
                </span>
                <span className="vd-reason-names" dir="auto" title={names.join('\n')}>
                  {shorten(names, (count) => messages.rejectedMore({ count }, format))}
                </span>
                {types && types.length > 0 && (
                  <span className="vd-accepted">
                    <bdi>{messages.dragRejectNote({ types, kind }, format)}</bdi>
                  </span>
                )}
              </li>
            );
          })}
        </ul>
        <AddAnyway rejections={rejections} />
      </div>
      <Button label={messages.dismiss} icon="x" isIconOnly onClick={dismiss} />
    </div>
  );
}

/** Where the host lets the person decide about files that are among the uploads already. */
function AddAnyway({ rejections }: { rejections: readonly Rejection[] }): ReactNode {
  const { uploader, messages } = useWidget();
  const items = rejections.flatMap(({ item }) => (item ? [item] : []));
  if (!items.length) return null;
  return (
    <div className="vd-buttons">
      <Button
        label={messages.addAnyway}
        look="line"
        onClick={() => {
          void uploader.add(items, { duplicates: 'allow' });
        }}
      />
    </div>
  );
}

interface ReasonGroup {
  code: RejectionCode;
  limit: number | undefined;
  message: string | undefined;
  accepted: readonly string[] | undefined;
  files: { name: string; actual: number | undefined }[];
}

function groupByReason(rejections: readonly Rejection[]): ReasonGroup[] {
  const groups = new Map<string, ReasonGroup>();
  for (const { code, limit, actual, message, accepted, file } of rejections) {
    const key = `${code} ${limit ?? ''} ${message ?? ''}`;
    const group = groups.get(key) ?? { code, limit, message, accepted, files: [] };
    group.files.push({
      name: file.name,
      actual: actual ?? (code.startsWith('file-too-') ? file.size : undefined),
    });
    groups.set(key, group);
  }
  return [...groups.values()].sort((a, b) => b.files.length - a.files.length);
}

function shorten(names: readonly string[], more: (count: number) => string): string {
  const rest = names.length - namesShown;
  return [...names.slice(0, namesShown), ...(rest > 0 ? [more(rest)] : [])].join(', ');
}
