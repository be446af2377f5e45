import { randomBytes } from 'node:crypto';
import type { Clock } from '../clock.js';
import { signingCertificate } from './certificate.js';
import {
  alibabaMessage,
  huaweiMessage,
  s3Message,
  smnMessage,
  snsMessage,
  tencentMessage,
  type EventMessage,
  type MessageTools,
} from './messages.js';
import { noSwitches, type EventSwitches, type EventTargets } from './settings.js';

/** One message, for `GET /__sandbox/events`. */
export interface EventEntry {
  vendor: Vendor;
  type: string;
  /** HTTP status of each attempt; null: there was no answer. */
  attempts: (number | null)[];
  outcome: 'pending' | 'taken' | 'given-up' | 'dropped';
}

export type Vendor = 'alibaba' | 'tencent' | 'huawei' | 's3';

const answerTimeoutMs = 5000;
/** Timers may be early by a millisecond; the state that a message tells of has to be there before it. */
const slackMs = 20;

/** Sends messages about media to where the targets say, signed and repeated as the vendors do. */
export class EventOutbox {
  readonly #targets: EventTargets;
  readonly #now: Clock;
  readonly #entries: EventEntry[] = [];
  readonly #timers = new Set<NodeJS.Timeout>();
  #abort = new AbortController();
  #switches: EventSwitches = { ...noSwitches };
  /** Of subscriptions that wait to be confirmed, and of those that were. */
  readonly #tokens = new Map<string, 'sent' | 'confirmed'>();

  constructor(targets: EventTargets, now: Clock) {
    this.#targets = targets;
    this.#now = now;
  }

  get entries(): readonly EventEntry[] {
    return this.#entries;
  }

  /** How many subscriptions have been confirmed. */
  get confirmed(): number {
    return [...this.#tokens.values()].filter((state) => state === 'confirmed').length;
  }

  setSwitches(changes: Partial<EventSwitches>): void {
    this.#switches = { ...noSwitches, ...changes };
  }

  /** Tells of an event, after a delay. Without a target, nothing is sent. */
  announce(vendor: Vendor, type: string, event: Record<string, unknown>, delayMs = 0): void {
    if (!this.#targets[vendor]) return;
    this.#later(delayMs + slackMs, () => {
      const message = this.#messageOf(vendor, event);
      if (message) this.#send({ vendor, type, attempts: [], outcome: 'pending' }, message);
    });
  }

  /** Asks the receiver to confirm a subscription to the topic of SMN or SNS. False: there is no topic. */
  subscribe(vendor: Vendor): boolean {
    const { huawei, s3 } = this.#targets;
    const token = randomBytes(16).toString('hex');
    const tools = this.#tools();
    const text = 'To confirm this subscription, visit the address in this message.';
    let message: EventMessage | undefined;
    if (vendor === 'huawei' && huawei && 'topicUrn' in huawei) {
      const url = `https://console.huaweicloud.com/smn/subscription/confirm?topic_urn=${huawei.topicUrn}&token=${token}`;
      message = smnMessage(
        huawei,
        { type: 'SubscriptionConfirmation', message: text, subscribe_url: url },
        tools,
      );
    }
    if (vendor === 's3' && s3 && 'topicArn' in s3) {
      const region = s3.topicArn.split(':')[3] ?? '';
      const url = `https://sns.${region}.amazonaws.com/?Action=ConfirmSubscription&TopicArn=${s3.topicArn}&Token=${token}`;
      message = snsMessage(
        s3,
        { Type: 'SubscriptionConfirmation', Message: text, SubscribeURL: url, Token: token },
        tools,
      );
    }
    if (!message) return false;
    this.#tokens.set(token, 'sent');
    this.#send({ vendor, type: 'SubscriptionConfirmation', attempts: [], outcome: 'pending' }, message);
    return true;
  }

  /** False: a token that was not sent. */
  confirm(token: string): boolean {
    if (!this.#tokens.has(token)) return false;
    this.#tokens.set(token, 'confirmed');
    return true;
  }

  /** Ends what is under way and forgets everything. */
  reset(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
    this.#abort.abort();
    this.#abort = new AbortController();
    this.#entries.length = 0;
    this.#tokens.clear();
    this.#switches = { ...noSwitches };
  }

  #messageOf(vendor: Vendor, event: Record<string, unknown>): EventMessage | undefined {
    const { alibaba, tencent, huawei, s3 } = this.#targets;
    const tools = this.#tools();
    switch (vendor) {
      case 'alibaba':
        return alibaba && alibabaMessage(alibaba, event, tools);
      case 'tencent':
        return tencent && tencentMessage(tencent, event, tools);
      case 'huawei':
        return huawei && huaweiMessage(huawei, event, tools);
      case 's3':
        return s3 && s3Message(s3, event, tools);
    }
  }

  #tools(): MessageTools {
    return { nowMs: this.#now, switches: this.#switches, certificate: signingCertificate };
  }

  #send(entry: EventEntry, message: EventMessage): void {
    this.#entries.push(entry);
    const { drop, duplicate, delayMs } = this.#switches;
    if (drop) {
      entry.outcome = 'dropped';
      return;
    }
    const begin = (): void => void this.#attempt(entry, message);
    this.#later(delayMs, begin);
    if (duplicate) this.#later(delayMs, begin);
  }

  async #attempt(entry: EventEntry, message: EventMessage, index = 0): Promise<void> {
    const { signal } = this.#abort;
    const status = await this.#post(message, signal);
    if (signal.aborted) return;
    entry.attempts.push(status ?? null);
    const delayMs = message.retryDelaysMs[index];
    if (message.isTaken(status)) entry.outcome = 'taken';
    else if (delayMs === undefined) entry.outcome = entry.outcome === 'taken' ? 'taken' : 'given-up';
    else
      this.#later(
        delayMs * (this.#targets.retryScale ?? 1),
        () => void this.#attempt(entry, message, index + 1),
      );
  }

  async #post({ url, build }: EventMessage, signal: AbortSignal): Promise<number | undefined> {
    const { fetch = globalThis.fetch } = this.#targets;
    try {
      const answer = await fetch(url, {
        method: 'POST',
        ...build(),
        redirect: 'manual',
        signal: AbortSignal.any([signal, AbortSignal.timeout(answerTimeoutMs)]),
      });
      await answer.arrayBuffer();
      return answer.status;
    } catch {
      return undefined;
    }
  }

  #later(delayMs: number, work: () => void): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      work();
    }, delayMs);
    timer.unref();
    this.#timers.add(timer);
  }
}
