/** Where the emulated clouds send messages about media, as it is set in their consoles. Absent: nowhere. */
export interface EventTargets {
  /** "SetMessageCallback" over HTTP. */
  alibaba?: { url: string; authKey: string };
  /** "ModifyEventConfig" in mode PUSH. */
  tencent?: { url: string; signKey: string };
  /** The service's own callbacks (MFS) with a key, or a topic of SMN. */
  huawei?: { url: string; callbackKey: string } | { url: string; topicUrn: string };
  /** A topic of SNS, or a webhook as MinIO has it. */
  s3?: { url: string; topicArn: string; signatureVersion?: '1' | '2' } | { url: string; token: string };
  /** Factor of the waits between attempts, which the vendors count in seconds to minutes. Default 1. */
  retryScale?: number;
  /** How messages leave. Default the global `fetch`. */
  fetch?: typeof globalThis.fetch;
}

/** Faults of all messages that are made from now on; set by the control API. */
export interface EventSwitches {
  /** Sends each message twice, even if the first was taken. */
  duplicate: boolean;
  /** Sends nothing. */
  drop: boolean;
  /** Waits before the first attempt. */
  delayMs: number;
  badSignature: boolean;
  /** Signs for a time an hour ago. */
  staleTime: boolean;
}

export const noSwitches: EventSwitches = {
  duplicate: false,
  drop: false,
  delayMs: 0,
  badSignature: false,
  staleTime: false,
};
