/** Base64 of raw bytes to lower-case hex: how stores write an MD5 in an ETag. */
export function base64ToHex(base64: string): string {
  return Array.from(atob(base64), (character) => character.charCodeAt(0).toString(16).padStart(2, '0')).join(
    '',
  );
}

/** The raw MD5s of all parts, one after the other: what a multipart ETag is the MD5 of. */
export function joinDigests(md5Base64: readonly string[]): Blob {
  return new Blob(
    md5Base64.map((digest) => Uint8Array.from(atob(digest), (character) => character.charCodeAt(0))),
  );
}

/** True when an ETag has the form of an MD5 (or of a composite of `partCount` parts). */
export function isMd5ETag(eTag: string): boolean {
  return /^[0-9a-f]{32}(-\d+)?$/i.test(eTag);
}
