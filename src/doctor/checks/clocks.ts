import { type CheckSubject, note, ok, skipped, trouble } from '../result.ts';

/** The clock of another machine, from the header `Date` of a response. */
export interface ClockReading {
  /** Milliseconds by which the other clock is ahead. */
  readonly aheadMs: number;
}

export type Headers = Readonly<Record<string, string | string[] | undefined>>;

/** HTTP dates have whole seconds: on average, half a second is missing. */
const missingMs = 500;

/** Reads the clock in the headers of a response. `null` if there is no valid date, or it is that of a cached response. */
export const readClock = ({ date, age }: Headers, now = Date.now()): ClockReading | null => {
  const isCached = age !== undefined && Number(age) !== 0;
  const time = typeof date === 'string' && !isCached ? Date.parse(date) : Number.NaN;
  return Number.isNaN(time) ? null : { aheadMs: time + missingMs - now };
};

/** Returns the reading of the fastest response: time on the way only makes the other clock appear to be behind. */
export const bestOf = (readings: readonly ClockReading[]): ClockReading | null =>
  readings.reduce<ClockReading | null>(
    (best, one) => (best === null || Math.abs(one.aheadMs) < Math.abs(best.aheadMs) ? one : best),
    null,
  );

const toleratedSeconds = 5;

const synchronize = 'Synchronize the clock of this machine (NTP).';

/**
 * Judges the clock of an upstream or the issuer.
 *
 * @param skewSeconds the tolerated difference of the issuer's clock: beyond it, valid tokens are rejected.
 */
export const clockResult = (subject: CheckSubject, reading: ClockReading | null, skewSeconds?: number) => {
  if (reading === null) return skipped(subject, 'no response with a Date header of its own.');
  const seconds = Math.round(Math.abs(reading.aheadMs) / 1000);
  const direction = reading.aheadMs > 0 ? 'ahead of' : 'behind';
  if (seconds <= Math.min(toleratedSeconds, skewSeconds ?? toleratedSeconds)) {
    return ok(subject, `differs from this machine's by ${seconds} s.`);
  }
  const message = `${seconds} s ${direction} the clock of this machine.`;
  if (skewSeconds !== undefined && seconds > skewSeconds) {
    return trouble(
      subject,
      `${message} AUTH_CLOCK_SKEW_SECONDS tolerates ${skewSeconds} s: valid tokens may be rejected.`,
      synchronize,
    );
  }
  return note(subject, message, synchronize);
};
