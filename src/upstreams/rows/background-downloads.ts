/** A download that can be cancelled. */
export interface BackgroundDownload {
  cancel(): void;
}

interface WaitingDownload {
  readonly download: BackgroundDownload;
  /** Continues the download. */
  resume: (() => void) | undefined;
}

export interface BackgroundDownloadOptions {
  /** The maximum number of background downloads. */
  readonly maxDownloads?: number;
  /** Milliseconds between two slices. */
  readonly intervalMs?: number;
}

/**
 * The background downloads of the process: nobody waits for them.
 *
 * They share one slice per interval, which leaves the event loop and the memory to requests. The oldest download comes
 * first, since it will be complete first. If there are too many, the oldest is cancelled, since clients probably view
 * the latest list. A later page of a cancelled list starts a new download.
 */
export class BackgroundDownloads {
  readonly #maxDownloads: number;
  readonly #intervalMs: number;
  /** In the order in which they began. */
  #downloads: WaitingDownload[] = [];
  #timer: NodeJS.Timeout | undefined;

  /** The defaults give 25 MB per second (256 KB per slice): the largest known portfolio takes two seconds. */
  constructor({ maxDownloads = 2, intervalMs = 10 }: BackgroundDownloadOptions = {}) {
    this.#maxDownloads = maxDownloads;
    this.#intervalMs = intervalMs;
  }

  /**
   * Adds a download that nobody waits for. It is kept at least until the next slice: the same page may request more of
   * it.
   */
  begin(download: BackgroundDownload): void {
    this.#downloads.push({ download, resume: undefined });
    this.#schedule();
  }

  /** Removes a download that has a reader again, or is complete. */
  end(download: BackgroundDownload): void {
    const resume = this.#find(download)?.resume;
    this.#downloads = this.#downloads.filter((one) => one.download !== download);
    resume?.();
  }

  /** Calls `resume` in the next slice of a download. */
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
