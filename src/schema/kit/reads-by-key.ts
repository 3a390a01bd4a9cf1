import type { Context } from '../../request/context.ts';
import type { BorrowerKey, PaymentMethodsKey, PortfolioReading } from '../../request/loaders.ts';
import { badInput, numericId } from './input-error.ts';
import type { ReadsByKey } from './look-ahead.ts';
import { awaitPageOfRows } from './streamed-pages.ts';

// What needs no more than keys that are known before anything is read. A field that gets a read of its own by the key
// of its parent belongs here. Below a list nothing is: whether there is anything in it, the list tells.

interface PaymentMethodsArgs {
  readonly method?: string | null | undefined;
  readonly last4?: string | null | undefined;
}

/** The key of the ways of paying that a field asks for. */
export const paymentMethodsKey = (
  fileNumber: string,
  { method, last4 }: PaymentMethodsArgs,
): PaymentMethodsKey => {
  if (last4 && !/^\d{4}$/.test(last4)) throw badInput('last4', 'four digits');
  return { fileNumber, method: method?.trim() || undefined, last4: last4 || undefined };
};

/** The rows in which a portfolio tells of its accounts; for a later page those that an earlier one has left will do. */
export const rowsOfPortfolio = (
  name: string,
  { loaders }: Context,
  isLater = false,
): Promise<PortfolioReading> =>
  isLater ? loaders.accountsOfPortfolioAgain(name) : loaders.accountsOfPortfolio.load(name);

const phoneIdIn = (args: Readonly<Record<string, unknown>>): string =>
  numericId(String(args['phoneId']), 'phoneId');

/** A person of an account, or a phone of that person. */
interface PersonKey {
  readonly fileNumber: string;
  readonly isDebtor: boolean;
}

/** Of an account, by its file number. */
export const readsOfAccount: ReadsByKey<string> = {
  phones: (fileNumber, { context: { loaders } }) => loaders.phonesOfAccount.load(fileNumber),
  notes: (fileNumber, { context: { loaders } }) => loaders.notes.load(fileNumber),
  attempts: (fileNumber, { context: { loaders } }) => loaders.attempts.load(fileNumber),
  contactSummary: (fileNumber, { context: { loaders } }) => loaders.attempts.load(fileNumber),
  emails: (fileNumber, { context: { loaders } }) => loaders.emails.load(fileNumber),
  emailStats: (fileNumber, { context: { loaders } }) => loaders.emailStats.load(fileNumber),
  payments: (fileNumber, { context: { loaders } }) => loaders.payments.load(fileNumber),
  lastPayment: (fileNumber, { context: { loaders } }) => loaders.lastPayment.load(fileNumber),
  settlement: (fileNumber, { context: { loaders } }) => loaders.settlement.load(fileNumber),
  paymentMethods: (fileNumber, { context: { loaders }, args }) =>
    loaders.paymentMethods.load(paymentMethodsKey(fileNumber, args)),
  portfolio: (_, { context: { loaders } }) => loaders.portfolios.load('all'),
  borrower: (fileNumber, ahead) => ahead.below(readsOfPerson, { fileNumber, isDebtor: true }),
};

const phonesOfPerson: ReadsByKey<PersonKey>[string] = ({ fileNumber, isDebtor }, { context }) =>
  isDebtor ? context.loaders.phonesOfAccount.load(fileNumber) : undefined;

/** Of a person of an account. Those of the others than the debtor stand in the account's own row. */
export const readsOfPerson: ReadsByKey<PersonKey> = {
  phones: phonesOfPerson,
  phone: (person, ahead) => {
    phoneIdIn(ahead.args);
    if (person.isDebtor) ahead.below(readsOfPhone, person);
    return phonesOfPerson(person, ahead);
  },
  account: ({ fileNumber }, ahead) => {
    ahead.below(readsOfAccount, fileNumber);
    return ahead.context.loaders.account.load(fileNumber);
  },
};

/** Of a phone of an account, by whose it is. */
export const readsOfPhone: ReadsByKey<PersonKey> = {
  account: (person, ahead) => readsOfPerson['account']?.(person, ahead),
  borrower: (person, ahead) => ahead.below(readsOfPerson, person),
};

/** Of a portfolio, by its name. */
export const readsOfPortfolio: ReadsByKey<string> = {
  accounts: (name, { context, args }) =>
    awaitPageOfRows((isLater) => rowsOfPortfolio(name, context, isLater), args),
};

/** Of an order, by its number. */
export const readsOfOrder: ReadsByKey<string> = {
  borrowers: (orderId, { context: { loaders } }) => loaders.borrowersOfOrder.load(orderId),
  accounts: (orderId, { context: { loaders } }) => loaders.borrowersOfOrder.load(orderId),
  borrower: (orderId, ahead) => {
    const borrowerId = numericId(String(ahead.args['borrowerId']), 'borrowerId');
    ahead.below(readsOfBorrower, { orderId, borrowerId });
    return ahead.context.loaders.borrowersOfOrder.load(orderId);
  },
  collaterals: (orderId, { context: { loaders } }) => loaders.collateralsOfOrder.load(orderId),
  assignments: (orderId, { context: { loaders } }) => loaders.assignmentsOfOrder.load(orderId),
  photos: (orderId, { context: { loaders } }) => loaders.photosOfOrder.load(orderId),
};

/** Of a borrower of an order. */
export const readsOfBorrower: ReadsByKey<BorrowerKey> = {
  phones: (borrower, { context: { loaders } }) => loaders.phonesOfBorrower.load(borrower),
  phone: (borrower, ahead) => {
    const phoneId = phoneIdIn(ahead.args);
    ahead.below(readsOfBorrowerPhone, borrower);
    return ahead.context.loaders.phoneOfBorrower.load({ ...borrower, phoneId });
  },
  addresses: (borrower, { context: { loaders } }) => loaders.addressesOfBorrower.load(borrower),
  order: ({ orderId }, ahead) => {
    ahead.below(readsOfOrder, orderId);
    return ahead.context.loaders.order.load(orderId);
  },
};

/** Of a phone of an order, by the borrower whose it is. */
export const readsOfBorrowerPhone: ReadsByKey<BorrowerKey> = {
  borrower: (borrower, ahead) => {
    ahead.below(readsOfBorrower, borrower);
    return ahead.context.loaders.borrowersOfOrder.load(borrower.orderId);
  },
};
