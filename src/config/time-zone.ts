import { machineTimeZone } from '../values/agency-calendar.ts';
import type { Settings } from './settings.ts';

/** Returns the time zone of the agency and its source. */
export const timeZoneOf = ({ timeZone }: Settings): string =>
  timeZone === undefined
    ? `Time zone: ${machineTimeZone()}, the machine's (AGENCY_TIME_ZONE is not set).`
    : `Time zone: ${timeZone} (AGENCY_TIME_ZONE).`;
