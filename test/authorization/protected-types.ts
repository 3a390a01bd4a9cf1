import type { Scope } from '../../src/operation/caller.ts';

/**
 * What it takes to read anything of a type: one of these scopes. A type that is not named here holds nothing by
 * itself, or is a part of one that is, and reached by no other way.
 */
export const protectedTypes: Readonly<Record<string, readonly Scope[]>> = {
  Account: ['accounts:read'],
  Portfolio: ['accounts:read'],
  PortfolioEntry: ['accounts:read'],
  Note: ['accounts:read'],
  ContactAttempt: ['accounts:read'],
  ContactSummary: ['accounts:read'],
  EmailEvent: ['accounts:read'],
  EmailStats: ['accounts:read'],
  Settlement: ['accounts:read'],
  Attorney: ['accounts:read'],
  Order: ['orders:read'],
  Assignment: ['orders:read'],
  Collateral: ['orders:read'],
  Photo: ['orders:read'],
  Vehicle: ['orders:read'],
  Borrower: ['accounts:read', 'orders:read'],
  Phone: ['accounts:read', 'orders:read'],
  Address: ['accounts:read', 'orders:read'],
  Payment: ['payments:read'],
  LastPayment: ['payments:read'],
  PaymentMethod: ['payments:read'],
  PendingOutcome: ['payments:read'],
};
