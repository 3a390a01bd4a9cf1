import type { Log } from '../telemetry/log.ts';
import type { Settings } from './settings.ts';

/** The first day without security fixes, by major version: the end-of-life dates of nodejs/Release. */
const endOfLife: Readonly<Record<number, string>> = {
  20: '2026-04-30',
  21: '2024-06-01',
  22: '2027-04-30',
  23: '2025-06-01',
  24: '2028-04-30',
  25: '2026-06-01',
  26: '2029-04-30',
};

/** A release of Node. */
export interface NodeRelease {
  /** The major version. */
  readonly major: number;
  /** The first day without security fixes (UTC); `null` for a release that is newer than the table. */
  readonly end: string | null;
  readonly hasEnded: boolean;
}

/** @param version that of a process, such as `24.21.0`. */
export const nodeRelease = (version: string, now: Date): NodeRelease => {
  const major = Number.parseInt(version, 10);
  const end = endOfLife[major] ?? null;
  return { major, end, hasEnded: end !== null && now.getTime() >= Date.parse(end) };
};

/** Warns in production if the release of Node gets no more security fixes. */
export const warnOfNodeRelease = (
  { isProduction }: Pick<Settings, 'isProduction'>,
  log: Pick<Log, 'warn'>,
  version = process.versions.node,
  now = new Date(),
): void => {
  const { major, end, hasEnded } = nodeRelease(version, now);
  if (!isProduction || !hasEnded) return;
  log.warn(
    { node: major, since: end },
    'this release of Node gets no more security fixes: run the gateway with Node 26 or 24',
  );
};
