/** Pictures are kept as long as the file that they are of. */
const outlived = new FinalizationRegistry<string>((url) => URL.revokeObjectURL(url));

/** What the canvas shows, with an address for `<img>`: of a blob, because policies rarely allow `data:`. */
export async function takePicture(
  canvas: HTMLCanvasElement,
  file: File,
  quality: number,
): Promise<{ readonly url: string; readonly picture: Blob } | undefined> {
  const picture = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/jpeg', quality));
  if (!picture) return undefined;
  const url = URL.createObjectURL(picture);
  outlived.register(file, url);
  return { url, picture };
}
