import { useState, type ReactNode } from 'react';
import { useQuery, QueryClient, QueryClientProvider } from '@tanstack/react-query';
import type { UploadSnapshot } from '../react/index.js';
import { digestOf } from './digest.js';
import { clearFaults, faults, setFault, storedObjects, type FaultName } from './sandbox.js';

const client = new QueryClient({ defaultOptions: { queries: { retry: false } } });

/** Faults on demand, and what the store holds in the end. */
export function Panel({ ready }: { ready: readonly UploadSnapshot[] }): ReactNode {
  return (
    <QueryClientProvider client={client}>
      <Faults />
      <Store ready={ready} />
    </QueryClientProvider>
  );
}

function Faults(): ReactNode {
  const [effect, setEffect] = useState<string>('');
  const set = async (name: FaultName) => {
    await setFault(name).then(
      () => {
        setEffect(faults[name].effect);
      },
      () => {
        setEffect('Faults need a sandbox, and this page has none.');
      },
    );
  };
  return (
    <details className="panel">
      <summary>Set faults</summary>
      <p>The cloud behind this page is a sandbox on your own machine. Start an upload, then:</p>
      <div className="panel-buttons">
        {(Object.keys(faults) as FaultName[]).map((name) => (
          <button
            key={name}
            type="button"
            onClick={() => {
              void set(name);
            }}
          >
            {faults[name].label}
          </button>
        ))}
        <button
          type="button"
          onClick={() => {
            void clearFaults().then(
              () => {
                setEffect('No faults are set.');
              },
              () => undefined,
            );
          }}
        >
          Remove the faults
        </button>
      </div>
      <p className="panel-said" role="status">
        {effect}
      </p>
    </details>
  );
}

function Store({ ready }: { ready: readonly UploadSnapshot[] }): ReactNode {
  const [isOpen, setIsOpen] = useState(false);
  return (
    <details
      className="panel"
      onToggle={(event) => {
        setIsOpen(event.currentTarget.open);
      }}
    >
      <summary>What is stored</summary>
      {isOpen &&
        (ready.length ? (
          <ul className="panel-objects">
            {ready.map((upload) => (
              <Stored key={upload.id} upload={upload} />
            ))}
          </ul>
        ) : (
          <p>Nothing yet. Once an upload is ready, its digest stands here beside that of your file.</p>
        ))}
    </details>
  );
}

function Stored({ upload }: { upload: UploadSnapshot }): ReactNode {
  const { file, fileName, id } = upload;
  const own = useQuery({ queryKey: ['digest', id], queryFn: () => digestOf(file), staleTime: Infinity });
  const objects = useQuery({
    queryKey: ['objects', id, own.data],
    queryFn: storedObjects,
    enabled: own.data !== undefined,
    staleTime: Infinity,
  });
  const object =
    objects.data?.find(({ md5Hex }) => md5Hex === own.data) ??
    objects.data?.find(({ size }) => size === upload.sizeBytes);
  const isSame = object !== undefined && object.md5Hex === own.data;
  return (
    <li data-same={object ? isSame : undefined}>
      <strong>{fileName}</strong>
      <dl>
        <dt>Your file</dt>
        <dd>{own.data ?? (own.isError ? 'cannot be read any more' : 'reading…')}</dd>
        <dt>In the cloud</dt>
        <dd>{object?.md5Hex ?? (objects.isError ? 'a real cloud keeps this to itself' : 'looking…')}</dd>
      </dl>
      {object && (
        <span className="panel-verdict">
          {isSame ? 'The same, to the byte' : 'They differ'}
          {object.parts.length > 0 && ` · ${object.parts.length} parts`}
        </span>
      )}
    </li>
  );
}
