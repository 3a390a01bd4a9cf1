/** A download that can be given up. */
export interface BackgroundDownload {
  cancel(): void;
}

interface WaitingDownload {
  readonly download: BackgroundDownload;
  /** What goes on at its turn. */
  resume: (() => void) | undefined;
}

export interface BackgroundDownloadOptions {
  /** How many downloads may go on for nobody. */
  readonly maxDownloads?: number;
  /** Milliseconds from one turn to the next. */
  readonly intervalMs?: number;
}

/**
 * The downloads of the process that go on although nobody waits for them.
 *
 * They have one turn at a time among them all, so that they leave the event loop, and the memory, to those who wait:
 * the oldest first, since it is done the soonest. Where there are too many it is given up, since what was asked for
 * last is what somebody may be looking at. Nobody waits for it: a later page of it begins another.
 */
export class BackgroundDownloads {
  readonly #maxDownloads: number;
  readonly #intervalMs: number;
  /** The oldest first. */
  #downloads: WaitingDownload[] = [];
  #timer: NodeJS.Timeout | undefined;

  /** With 256 KB a turn it is 25 MB a second: the largest portfolio known takes two. */
  constructor({ maxDownloads = 2, intervalMs = 10 }: BackgroundDownloadOptions = {}) {
    this.#maxDownloads = maxDownloads;
    this.#intervalMs = intervalMs;
  }

  /** Nobody waits for a download any more. It stands at least until the next turn: the page may ask for more of it. */
  begin(download: BackgroundDownload): void {
    this.#downloads.push({ download, resume: undefined });
    this.#schedule();
  }

  /** Somebody waits for it again, or it is over. */
  end(download: BackgroundDownload): void {
    const resume = this.#find(download)?.resume;
    this.#downloads = this.#downloads.filter((one) => one.download !== download);
    resume?.();
  }

  /** Goes on when it is the turn of a download. */
  wait(download: BackgroundDownload, resume: () => void): void {
    const waiting = this.#find(download);
    if (!waiting) return;
    waiting.resume = resume;
    this.#schedule();
  }

  #find(download: BackgroundDownload): WaitingDownload | undefined {
    return this.#downloads.find((one) => one.download === download);
  }

  #schedule(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#resumeNext();
    }, this.#intervalMs);
  }

  #resumeNext(): void {
    const surplus = this.#downloads.slice(0, Math.max(0, this.#downloads.length - this.#maxDownloads));
    for (const { download } of surplus) download.cancel();
    const next = this.#downloads.find(({ resume }) => resume);
    const resume = next?.resume;
    if (!next || !resume) return;
    next.resume = undefined;
    this.#schedule();
    resume();
  }
}
