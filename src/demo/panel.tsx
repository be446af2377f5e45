import { useEffect, useState, type ReactNode } from 'react';
import { useQuery, QueryClient, QueryClientProvider } from '@tanstack/react-query';
import type { UploadSnapshot } from '../react/index.js';
import { digestOf } from './digest.js';
import { clearFaults, endFaultsInTime, faults, setFault, storedObjects, type FaultName } from './sandbox.js';

const client = new QueryClient({ defaultOptions: { queries: { retry: false } } });

/** Faults on demand, and what the store holds in the end. */
export function Panel({ ready }: { ready: readonly UploadSnapshot[] }): ReactNode {
  return (
    <QueryClientProvider client={client}>
      <aside className="shop-side">
        <Faults />
        <Proof ready={ready} />
      </aside>
    </QueryClientProvider>
  );
}

function Faults(): ReactNode {
  const [effect, setEffect] = useState<string>('');
  useEffect(
    () =>
      endFaultsInTime(() => {
        setEffect('The faults have ended.');
      }),
    [],
  );
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
    <section className="card" aria-labelledby="break-it">
      <h2 id="break-it">Break it</h2>
      <p>While videos upload. Nothing will be lost.</p>
      <ul className="breaks">
        {(Object.keys(faults) as FaultName[]).map((name) => (
          <li key={name}>
            <button
              type="button"
              onClick={() => {
                void set(name);
              }}
            >
              {faults[name].label}
            </button>
          </li>
        ))}
        <li>
          <button
            type="button"
            onClick={() => {
              location.reload();
            }}
          >
            Kill the tab
          </button>
        </li>
        <li>
          <button
            type="button"
            className="breaks-end"
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
        </li>
      </ul>
      <p className="panel-said" role="status">
        {effect}
      </p>
    </section>
  );
}

function Proof({ ready }: { ready: readonly UploadSnapshot[] }): ReactNode {
  return (
    <section className="card" aria-labelledby="proof">
      <h2 id="proof">Proof</h2>
      {ready.length ? (
        <ul className="panel-objects">
          {ready.map((upload) => (
            <Stored key={upload.id} upload={upload} />
          ))}
        </ul>
      ) : (
        <p>Once a video is ready, its digest stands here beside that of your file.</p>
      )}
    </section>
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
        <dt>MD5 of your file</dt>
        <dd>{own.data ?? (own.isError ? 'cannot be read any more' : 'reading…')}</dd>
        <dt>MD5 of what is stored</dt>
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
