import { Suspense, type ReactNode } from 'react';
import type { UploadError, UploadErrorCode, UploadSnapshot } from '../../engine/index.js';
import { useWidget } from '../context.js';
import { diagnosticsOf } from '../format/diagnostics.js';
import { wholePercent } from '../format/index.js';
import { useCopy } from '../hooks/use-copy.js';
import { useReplaceFile } from '../hooks/use-replace-file.js';
import { countedBytes } from '../hooks/row-rules.js';
import { failureText } from '../messages/index.js';
import { Button } from './button.js';
import { LateNote } from './late-note.js';
import { lazyPart } from './lazy-part.js';
import { StatusItems } from './status-items.js';

const ChangeLink = lazyPart(() => import('../sources/change-link.js').then(({ ChangeLink }) => ChangeLink));

/** These cannot be mended by trying the same file again. */
const needsFile: ReadonlySet<UploadErrorCode> = new Set(['file-changed', 'file-unreadable']);

export const needsOtherFile = ({ code }: UploadError): boolean => needsFile.has(code);

export interface FailureSentencesProps {
  upload: UploadSnapshot;
  error: UploadError;
}

/** What happened, what was tried and is kept, what you can do. */
export function FailureSentences({ upload, error }: FailureSentencesProps): ReactNode {
  const { messages, format } = useWidget();
  const sentBytes = countedBytes(upload);
  const text = failureText(messages, error.code);
  const percent = wholePercent(sentBytes, upload.sizeBytes);
  const isKept = error.isResumable && upload.cleanup === 'none';
  const what = percent > 0 && isKept ? `${messages.stoppedAt(percent, format)} ${text.what}` : text.what;
  const kept =
    text.kept ?? messages.triedAndKept({ percent, sentBytes, attempts: error.attempts, isKept }, format);
  return (
    <div className="vd:contents" id={`${upload.id}-status`}>
      <StatusItems status={[what]} icon="alert" tone="bad" />
      <div className="vd-why">
        <bdi>
          {kept} <span className="vd-todo">{text.todo}</span>
        </bdi>
      </div>
    </div>
  );
}

/** Three sentences: what happened, what was tried and is kept, what you can do; then at most two buttons. */
export function UploadFailure({
  upload,
  onRetry,
  tabIndex,
}: {
  upload: UploadSnapshot;
  onRetry: () => void;
  tabIndex: number;
}): ReactNode {
  const { messages, sources } = useWidget();
  const { hasCopied, copy } = useCopy();
  const replaceFile = useReplaceFile(upload.id);
  const { error } = upload;
  if (!error) return null;
  return (
    <>
      <FailureSentences upload={upload} error={error} />
      <div className="vd-buttons">
        {upload.source && sources && (
          <Suspense fallback={<LateNote isInline />}>
            <ChangeLink id={upload.id} tabIndex={tabIndex} />
          </Suspense>
        )}
        {needsOtherFile(error) ? (
          <Button
            label={messages.chooseFile}
            look="line"
            data-slot="verb"
            tabIndex={tabIndex}
            aria-describedby={`${upload.id}-name`}
            onClick={replaceFile}
          />
        ) : (
          upload.canRetry && (
            <Button
              label={messages.retry}
              icon="retry"
              look="line"
              data-slot="verb"
              tabIndex={tabIndex}
              aria-describedby={`${upload.id}-name`}
              onClick={onRetry}
            />
          )
        )}
        <Button
          label={messages.copyDetails}
          icon={hasCopied ? 'check' : 'copy'}
          tabIndex={tabIndex}
          aria-describedby={`${upload.id}-name`}
          onClick={() => {
            void copy(diagnosticsOf(upload, Date.now()));
          }}
        />
      </div>
    </>
  );
}
