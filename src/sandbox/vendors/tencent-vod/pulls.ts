import type { Pull } from '../../pulls/pulls.js';
import type { Upload } from './uploads.js';

/** The task of one PullUpload. */
export interface PullTask {
  taskId: string;
  subAppId: number;
  sessionId: string;
  sessionContext: string;
  createdAt: number;
  pull: Pull;
  /** The media that it makes, known from outside only when it is there. */
  upload: Upload;
}

/** Tasks are known for three days, and so are their session ids. */
const taskLifetimeMs = 3 * 24 * 60 * 60_000;

export class PullTasks {
  readonly #tasks: PullTask[] = [];

  add(task: PullTask): void {
    this.#tasks.push(task);
  }

  find(taskId: string, subAppId: number, now: number): PullTask | undefined {
    return this.#recent(now).find((task) => task.taskId === taskId && task.subAppId === subAppId);
  }

  hasSession(sessionId: string, now: number): boolean {
    return this.#recent(now).some((task) => task.sessionId === sessionId);
  }

  clear(): void {
    this.#tasks.length = 0;
  }

  #recent(now: number): PullTask[] {
    return this.#tasks.filter(({ createdAt }) => now - createdAt < taskLifetimeMs);
  }
}
