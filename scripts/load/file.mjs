const partSizeBytes = 16 * 1024 ** 2;
const partCount = 24;

/** The file that everybody uploads: 24 parts of 16 MiB, all with the same MD5. */
export const file = {
  partSizeBytes,
  partCount,
  sizeBytes: partCount * partSizeBytes,
  md5Base64: 'XUFAKrxLKna5cZ2REBfFkg==',
};
