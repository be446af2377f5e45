/** How the emulated clouds pull videos from links. */
export interface PullSettings {
  /**
   * Origins that the clouds may pull from, as in `http://127.0.0.1:8080`: the file server of a test. Links to others fail
   * as those of a server that cannot be reached. Default none: the sandbox is no way into a network.
   */
  pullOrigins: readonly string[];
  /** How long a pull waits before it begins, by the sandbox's clock. */
  pullWaitMs: number;
  /** Larger files fail. */
  pullMaxBytes: number;
  /** "upload_by_url" of Huawei VOD: whether the whole URL has to end with the extension, or its path. */
  strictPullUrl: boolean;
}

export const defaultPullSettings: PullSettings = {
  pullOrigins: [],
  pullWaitMs: 0,
  pullMaxBytes: 1024 ** 3,
  strictPullUrl: false,
};
