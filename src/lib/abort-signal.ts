/** What is needed of an AbortSignal. */
export interface CancelSignal {
  readonly aborted: boolean;
  readonly reason: unknown;
  addEventListener(type: 'abort', listener: () => void, options: { readonly once: true }): void;
  removeEventListener(type: 'abort', listener: () => void): void;
}

/**
 * Stands for an AbortSignal with its controller where each request, or each call, needs one of its own: to make one of
 * Node's takes some microseconds, and to collect it holds everything up for longer.
 */
export class LightAbortSignal implements CancelSignal {
  aborted = false;
  reason: unknown;
  // Most are heard by one alone: they cost no set.
  #only: (() => void) | undefined;
  #others: Set<() => void> | undefined;

  /** Tells whoever listens, once. */
  abort(reason?: unknown): void {
    if (this.aborted) return;
    this.aborted = true;
    this.reason = reason;
    this.#only?.();
    // One that another takes away meanwhile is not told.
    for (const listener of this.#others ?? []) listener();
    this.#only = undefined;
    this.#others = undefined;
  }

  addEventListener(_: 'abort', listener: () => void): void {
    if (this.aborted || listener === this.#only) return;
    if (!this.#only && !this.#others) {
      this.#only = listener;
      return;
    }
    this.#others ??= new Set();
    this.#others.add(listener);
  }

  removeEventListener(_: 'abort', listener: () => void): void {
    if (listener === this.#only) this.#only = undefined;
    else this.#others?.delete(listener);
  }
}
