/** A way for a video to come in. */
export type SourceName = 'device' | 'link' | 'camera' | 'screen';
