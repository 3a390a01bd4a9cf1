/** The largest number of rows that RecoveryConnect is known to return in one response. */
export const rowsPerCall = 250;
