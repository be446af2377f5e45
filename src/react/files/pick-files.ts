/** Held until it answers: some browsers drop the change event of an input that was collected as garbage. */
let open: HTMLInputElement | undefined;

/** Opens the system's file dialog apart from the drop zone's own input: for one missing file, or for a folder. */
export function pickFiles({ accept, isFolder = false }: { accept?: string; isFolder?: boolean }): Promise<File[]> {
  return new Promise((resolve) => {
    const input = document.createElement('input');
    input.type = 'file';
    if (accept !== undefined) input.accept = accept;
    input.webkitdirectory = isFolder;
    input.addEventListener('change', () => {
      open = undefined;
      resolve(Array.from(input.files ?? []));
    }, { once: true });
    input.addEventListener('cancel', () => { open = undefined; resolve([]); }, { once: true });
    open = input;
    open.click();
  });
}
