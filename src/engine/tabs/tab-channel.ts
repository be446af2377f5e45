import { readMessage, type TabMessage, toWire } from './messages.js';
import type { TabsPort } from './port.js';

export interface TabChannelOptions {
  readonly port: TabsPort;
  readonly name: string;
  readonly onMessage: (message: TabMessage) => void;
  /** A message could not be posted, so the other tabs cannot say that they are there, either. */
  readonly onRefused: () => void;
}

/** The channel between tabs. What cannot be posted is as good as lost, which is expected of messages. */
export class TabChannel {
  readonly #options: TabChannelOptions;
  #channel: ReturnType<TabsPort['open']> | undefined;

  constructor(options: TabChannelOptions) {
    this.#options = options;
  }

  post(message: TabMessage): void {
    try {
      (this.#channel ??= this.#open()).post(toWire(message));
    } catch {
      this.#options.onRefused();
    }
  }

  close(): void {
    try {
      this.#channel?.close();
    } catch {
      // There is nothing to close.
    }
  }

  #open(): ReturnType<TabsPort['open']> {
    const { port, name, onMessage } = this.#options;
    return port.open(name, (data) => {
      const message = readMessage(data);
      if (message) onMessage(message);
    });
  }
}
