/** Words about what can be copied of a ready upload; loaded with the first one. */
export const en = {
  copyEmbed: 'Copy embed code',
  linkCopied: 'Link copied',
  embedCopied: 'Embed code copied',
  notCopied: 'Could not copy',
};

export type MediaWords = typeof en;
