/** Files and folders that operating systems and network storage add, in lower case. Names with a leading dot count, too. */
const systemNames: ReadonlySet<string> = new Set([
  // Windows
  '$recycle.bin',
  'recycler',
  'system volume information',
  'thumbs.db',
  'ehthumbs.db',
  'desktop.ini',
  // macOS; what else it adds begins with a dot: .DS_Store, .Trashes, .Spotlight-V100, ._clip.mp4
  '__macosx',
  'icon\r',
  // Linux
  'lost+found',
  // Synology, QNAP
  '@eadir',
  '#recycle',
  '#snapshot',
  '@recycle',
  '@recently-snapshot',
]);

/** Whether a file or folder inside a given folder is left out: it is hidden, or belongs to the operating system. */
export function isSystemName(name: string): boolean {
  return name.startsWith('.') || systemNames.has(name.toLowerCase());
}

/** The same for a path below the folder that was given; that folder itself was chosen by the person. */
export function isSystemPath(path: string): boolean {
  return path.split('/').slice(1).some(isSystemName);
}
