/**
 * How long lists are taken to be whose length only an upstream knows, and no argument bounds. An operation that meets
 * longer ones makes more calls than it was estimated at; the count of its calls while it runs stops it then.
 */
export const assumedSizes = {
  /** The accounts of one social security number. */
  accountsOfPerson: 5,
  /** The accounts that one phone number is kept for. */
  accountsOfPhone: 5,
  phonesOfAccount: 10,
  /** The orders that have the account number of one account. */
  ordersOfAccount: 5,
  borrowersOfOrder: 3,
  phonesOfBorrower: 4,
  assignmentsOfOrder: 5,
  portfolios: 50,
  pendingOutcomes: 20,
} as const;

/** RecoveryConnect gives as many orders or assignments by their numbers in one call. */
export const rowsPerCall = 250;
