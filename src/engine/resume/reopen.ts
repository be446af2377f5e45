/**
 * What Chromium has beyond the standard: permission for a handle of an earlier visit.
 * https://developer.chrome.com/blog/persistent-permissions-for-the-file-system-access-api
 */
export interface PermissionHandle extends FileSystemFileHandle {
  queryPermission?(descriptor: { mode: 'read' }): Promise<PermissionState>;
  requestPermission?(descriptor: { mode: 'read' }): Promise<PermissionState>;
}

/**
 * Opens a file of an earlier visit again. Has to be called in a click, because the browser may ask the person.
 * `undefined` when there is no handle, no permission, or no file there any more.
 */
export async function reopen(
  handle: PermissionHandle | undefined,
): Promise<{ file: File; handle: FileSystemFileHandle } | undefined> {
  if (!handle) return undefined;
  try {
    const isGranted =
      (await handle.queryPermission?.({ mode: 'read' })) !== 'prompt' ||
      (await handle.requestPermission?.({ mode: 'read' })) === 'granted';
    return isGranted ? { file: await handle.getFile(), handle } : undefined;
  } catch {
    // Moved, deleted, or refused: it has to be chosen again.
    return undefined;
  }
}
