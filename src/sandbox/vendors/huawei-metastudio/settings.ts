/** Behavior that MetaStudio's documentation leaves open. */
export interface MetastudioSettings {
  /** Body of a refused authentication: the service's 401 MSS.00000001, as documented, or the gateway's 401 APIGW.0301. */
  authErrors: 'service' | 'gateway';
  /** A second confirm of the same state: accepted, or refused with 400 MSS.00000003. */
  completeRepeat: '200' | '400';
  /** Content-Type in the signature of a large file's part URLs; `none`: not signed. */
  partContentType: 'application/octet-stream' | 'none';
  /** State of an asset once its main file is stored: depends on the tenant's review policy. */
  stateAfterComplete: 'ACTIVED' | 'UNACTIVED';
  /** Whether an asset accepts another main file after its first was canceled and deleted. */
  takesSecondMain: boolean;
}

/** What the emulated MetaStudio is set to. */
export const defaultMetastudioSettings: MetastudioSettings = {
  authErrors: 'service',
  completeRepeat: '200',
  partContentType: 'application/octet-stream',
  stateAfterComplete: 'ACTIVED',
  takesSecondMain: true,
};
