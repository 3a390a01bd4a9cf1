/** `closed`: calls go. `open`: none goes for a while. `half-open`: one is trying whether the upstream is back. */
export type BreakerState = 'closed' | 'open' | 'half-open';

/** How a call went: `neither` says nothing about the upstream, as when it was given up. */
export type CallHealth = 'success' | 'failure' | 'neither';

/** Keeps calls away from an upstream that fails again and again. */
export interface Breaker {
  /** Whether a call may go now. */
  isPassable(): boolean;
  /**
   * Lets a call go.
   *
   * @returns what must be told how it went; `undefined` where it must not go.
   */
  pass(): ((health: CallHealth) => void) | undefined;
  state(): BreakerState;
  /** Seconds until a call may go again, rounded up; 0 where it may now. */
  retryAfter(): number;
}

export interface BreakerOptions {
  /** After how many failures in a row it opens. */
  readonly failures: number;
  /** How long it stays open at first, in milliseconds; each further time twice as long. */
  readonly pauseMs: number;
  readonly maxPauseMs: number;
  /** Hears of each change. */
  readonly onChange?: (state: BreakerState) => void;
  /** Milliseconds, never going back. */
  readonly now?: () => number;
}

export const createBreaker = (options: BreakerOptions): Breaker => {
  const { failures: limit, pauseMs, maxPauseMs, onChange, now = () => performance.now() } = options;
  let current: BreakerState = 'closed';
  let failures = 0;
  /** How often it has opened since it was closed. */
  let openings = 0;
  let openUntil = 0;
  /** Whether it was told since it opened that it lets one try: several may, until one is heard out. */
  let isProbeReported = false;
  /** Counts the stretches of time in which it was closed. */
  let period = 0;

  const reportIn =
    (begunIn: number) =>
    (health: CallHealth): void =>
      afterCall(begunIn, health);
  /** What the calls of this period are told by: one for all of them. */
  let report = reportIn(period);

  const become = (state: BreakerState): void => {
    current = state;
    onChange?.(state);
  };

  const open = (): void => {
    period += 1;
    report = reportIn(period);
    openUntil = now() + Math.min(pauseMs * 2 ** openings, maxPauseMs);
    openings += 1;
    isProbeReported = false;
    become('open');
  };

  const afterCall = (begunIn: number, health: CallHealth): void => {
    // What was sent before it opened says nothing about the time since.
    if (begunIn !== period || health === 'neither') return;
    failures = health === 'success' ? 0 : failures + 1;
    if (failures >= limit) open();
  };

  const afterProbe = (health: CallHealth): void => {
    if (health === 'failure') {
      open();
    } else if (health === 'success') {
      failures = 0;
      openings = 0;
      become('closed');
    } else {
      // It was not heard out: the next one may try at once.
      current = 'open';
    }
  };

  const isPassable = (): boolean => current === 'closed' || (current === 'open' && now() >= openUntil);

  return {
    isPassable,
    pass: () => {
      if (current === 'closed') return report;
      if (!isPassable()) return undefined;
      current = 'half-open';
      if (!isProbeReported) onChange?.(current);
      isProbeReported = true;
      return afterProbe;
    },
    state: () => current,
    retryAfter: () => (current === 'open' ? Math.max(0, Math.ceil((openUntil - now()) / 1000)) : 0),
  };
};
