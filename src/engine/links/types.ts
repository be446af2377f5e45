/**
 * Where the video comes from that the cloud itself pulls. The address is not kept, as it may contain a signature.
 */
export interface LinkSource {
  readonly type: 'link';
  /** Host of the link, `media.example.com`; a name in other letters as browsers show it in addresses (`xn--…`). */
  readonly host: string;
}

/** How far the cloud is with pulling a video from a link. */
export interface ImportProgress {
  /** `waiting`: the cloud has queued it. `running`: it pulls the file. */
  readonly state: 'waiting' | 'running';
  /** 0 to 100, only where `capabilities.import.progress` is `percent`; undefined until the cloud has said it. */
  readonly percent?: number | undefined;
}

/** A link to a video, or a link and what is known about the video. */
export type LinkItem =
  | string
  | {
      readonly url: string;
      /** Shown as the name of the row and sent as the title. Default: the last part of the link's path. */
      readonly title?: string | undefined;
      /** In place of what the option `metadata` says, which is given an empty file of that name. */
      readonly metadata?: Readonly<Record<string, unknown>> | undefined;
    };

/** What may be said about links as they are added, beside what may be said about files. */
export interface LinkTrial {
  /** Adds nothing and shows nothing: only answers which links would be rejected. Default false. */
  readonly isTrial?: boolean;
}
