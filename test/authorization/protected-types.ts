import type { Scope } from '../../src/operation/caller.ts';

/**
 * The scopes of types, one of which each path to the type requires. A type that is not here contains no data of its own,
 * or is a part of one that is, and has no other path. Every path to it requires some scope.
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
