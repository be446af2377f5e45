/** Whose uploads these are and where they go. The uploads of another place are neither shown nor touched. */
export interface UploadPlace {
  readonly endpoint: string;
  readonly provider: string;
  readonly scope: string;
}

/** Of journal entries, lock names and messages between tabs. To be raised when an older build would misread them. */
export const protocolVersion = 1;

/** Names the locks and the channel of a place. Two places, or two versions of the protocol, never share a name. */
export function placeName({ endpoint, provider, scope }: UploadPlace): string {
  return `vodrop/${protocolVersion}/${JSON.stringify([endpoint, provider, scope])}`;
}
