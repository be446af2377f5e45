import type { ReactNode } from 'react';

/** Which key does what; for those who see it. Screen readers have the buttons. */
export function SourceKeys({ keys }: { keys: readonly (readonly [string, string])[] }): ReactNode {
  return (
    <div className="vd-source-keys" aria-hidden="true">
      {keys.map(([key, does]) => (
        <span key={key}>
          {key.split(' ').map((one) => (
            <kbd key={one} dir="ltr">
              {one}
            </kbd>
          ))}
          <bdi>{does}</bdi>
        </span>
      ))}
    </div>
  );
}
