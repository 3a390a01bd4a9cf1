/** A download that can be given up. */
export interface Unattended {
  giveUp(): void;
}

interface Waiting {
  readonly download: Unattended;
  /** What goes on at its turn. */
  go: (() => void) | undefined;
}

export interface ReadingOnOptions {
  /** How many downloads may go on for nobody. */
  readonly most?: number;
  /** Milliseconds from one turn to the next. */
  readonly everyMs?: number;
}

/**
 * The downloads of the process that go on although nobody waits for them.
 *
 * They have one turn at a time among them all, so that they leave the event loop, and the memory, to those who wait:
 * the oldest first, since it is done the soonest. Where there are too many it is given up, since what was asked for
 * last is what somebody may be looking at. Nobody waits for it: a later page of it begins another.
 */
export class ReadingOn {
  readonly #most: number;
  readonly #everyMs: number;
  /** The oldest first. */
  #downloads: Waiting[] = [];
  #timer: NodeJS.Timeout | undefined;

  /** With 256 KB a turn it is 25 MB a second: the largest portfolio known takes two. */
  constructor({ most = 2, everyMs = 10 }: ReadingOnOptions = {}) {
    this.#most = most;
    this.#everyMs = everyMs;
  }

  /** Nobody waits for a download any more. It stands at least until the next turn: the page may ask for more of it. */
  begin(download: Unattended): void {
    this.#downloads.push({ download, go: undefined });
    this.#wake();
  }

  /** Somebody waits for it again, or it is over. */
  end(download: Unattended): void {
    const go = this.#find(download)?.go;
    this.#downloads = this.#downloads.filter((one) => one.download !== download);
    go?.();
  }

  /** Goes on when it is the turn of a download. */
  wait(download: Unattended, go: () => void): void {
    const waiting = this.#find(download);
    if (!waiting) return;
    waiting.go = go;
    this.#wake();
  }

  #find(download: Unattended): Waiting | undefined {
    return this.#downloads.find((one) => one.download === download);
  }

  #wake(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#turn();
    }, this.#everyMs);
  }

  #turn(): void {
    const surplus = this.#downloads.slice(0, Math.max(0, this.#downloads.length - this.#most));
    for (const { download } of surplus) download.giveUp();
    const next = this.#downloads.find(({ go }) => go);
    const go = next?.go;
    if (!next || !go) return;
    next.go = undefined;
    this.#wake();
    go();
  }
}
