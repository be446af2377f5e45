/**
 * Something worth knowing of a file before it is sent. None of them keeps it from being sent.
 * - `codec`: not every browser plays the file as it is. What the cloud makes of it is the cloud's to decide.
 * - `hdr`: colors of a high dynamic range (PQ or HLG).
 * - `no-sound`: a video without an audio track.
 * - `vertical`: higher than wide, as it is shown.
 * - `incomplete`: the file ends before what its headers announce, or has no index.
 * - `same-video`: the content is that of another upload of the list or of another tab (`duplicateOf`), or one that was
 *   sent from this browser before (`sentAt`, as `Date.now()`).
 */
export type UploadNote =
  | { readonly code: 'codec'; readonly codec: string; readonly bitDepth?: number | undefined }
  | { readonly code: 'hdr' | 'no-sound' | 'incomplete' }
  | { readonly code: 'vertical'; readonly width: number; readonly height: number }
  | {
      readonly code: 'same-video';
      readonly duplicateOf?: { readonly id: string; readonly fileName: string } | undefined;
      readonly sentAt?: number | undefined;
    };

/** See {@link UploadNote}. */
export type UploadNoteCode = UploadNote['code'];
