/** Many URLs that differ little: a ticket has room for one, and for what is different in the others. */
export interface PackedUrls {
  readonly first: string[];
  /** Per URL: position and text of each piece that is not the first URL's. */
  readonly others: [position: number, piece: string][][];
}

/** Throws `RangeError` where the URLs do not have the same number of pieces. */
export function packUrls(urls: readonly string[]): PackedUrls {
  const [first = [], ...rest] = urls.map(piecesOf);
  const others = rest.map((pieces) => {
    if (pieces.length !== first.length) throw new RangeError('The URLs are not of one kind.');
    return pieces.flatMap((piece, position): [number, string][] =>
      piece === first[position] ? [] : [[position, piece]],
    );
  });
  return { first, others };
}

/** The URL at `index`, counted from 0. */
export function unpackUrl({ first, others }: PackedUrls, index: number): string | undefined {
  if (index === 0) return first.join('');
  const differences = others[index - 1];
  if (!differences) return undefined;
  const pieces = [...first];
  for (const [position, piece] of differences) pieces[position] = piece;
  return pieces.join('');
}

function piecesOf(url: string): string[] {
  return url.split(/(?<=[?&=])/);
}
