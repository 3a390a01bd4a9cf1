/**
 * `closed`: calls are sent. `open`: no call is sent for a while. `half-open`: one call tests whether the upstream is
 * available.
 */
export type BreakerState = 'closed' | 'open' | 'half-open';

/**
 * The health that a call reports. `neither`: it says nothing about the upstream, for example because it was cancelled.
 */
export type CallHealth = 'success' | 'failure' | 'neither';

/**
 * Circuit breaker: stops calls to an upstream that fails repeatedly.
 *
 * Own code: opossum and cockatiel wrap a function and judge its result. Here a call reports its health after its response
 * was decoded, and may report neither success nor failure.
 */
export interface Breaker {
  /** Whether a call may be sent now. */
  isPassable(): boolean;
  /**
   * Admits a call.
   *
   * @returns a function that receives the health of the call; `undefined` if the call must not be sent.
   */
  pass(): ((health: CallHealth) => void) | undefined;
  state(): BreakerState;
  /** Seconds until a call may be sent, rounded up; 0 if it may be sent now. */
  retryAfter(): number;
}

export interface BreakerOptions {
  /** The number of consecutive failures that opens the breaker. */
  readonly failures: number;
  /** Milliseconds that the breaker stays open at first; each further time twice as long. */
  readonly pauseMs: number;
  readonly maxPauseMs: number;
  /** Called for each change of state. */
  readonly onChange?: (state: BreakerState) => void;
  /** Monotonic milliseconds. */
  readonly now?: () => number;
}

export const createBreaker = (options: BreakerOptions): Breaker => {
  const { failures: limit, pauseMs, maxPauseMs, onChange, now = () => performance.now() } = options;
  let current: BreakerState = 'closed';
  let failures = 0;
  /** The number of times that it opened since it was last closed. */
  let openings = 0;
  let openUntil = 0;
  /** Whether `onChange` was called for the present half-open state. Several probes may run before one has a result. */
  let isProbeReported = false;
  /** The number of the current closed period. */
  let period = 0;

  const reportIn =
    (begunIn: number) =>
    (health: CallHealth): void =>
      afterCall(begunIn, health);
  /** The function that the calls of this period report to, shared by all of them. */
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
    // Calls that were sent before the breaker opened say nothing about the time since.
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
      // The probe has no result: the next call may probe at once.
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
