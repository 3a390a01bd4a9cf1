import type { AddressColumns } from '../../upstreams/endpoint/address-columns.ts';
import type { Column } from '../../upstreams/endpoint/column.ts';
import { borrowerAddressColumns } from '../../upstreams/recoveryconnect/borrowers.ts';
import {
  debtorAddressColumns,
  debtorColumns,
  debtorEmployerColumns,
  type EmployerColumns,
} from '../../upstreams/scollect/people-columns.ts';
import { coBorrowers, debtor } from '../people/borrower-rows.ts';
import { columnsOfEmployer } from '../people/employer.ts';
import { callsForPhones } from './account-costs.ts';
import { accountBehind, accountsFound, addressOf, partAt, personOf, phonesOf } from './account-things.ts';
import { callsFor, type Things } from './cost-node.ts';
import { type FieldCosts, fullRows, textsIn } from './field-cost.ts';
import { phoneOfBorrower, phonesOfBorrowers } from './order-things.ts';
import { assumedSizes } from './sizes.ts';

// Borrowers and phones, which are of either system.

interface Parent {
  readonly source?: 'SCOLLECT' | 'RECOVERY_CONNECT';
  readonly place?: string;
  readonly person?: string;
  readonly columns?: EmployerColumns;
}

const parentOf = ({ parent }: Things): Parent => parent;

const isOfOrder = (things: Things): boolean => parentOf(things).source === 'RECOVERY_CONNECT';

const placeOf = (person: Things): string => parentOf(person).place ?? debtor;

const isDebtor = (person: Things): boolean => placeOf(person) === debtor;

const addressAt = (person: Things): AddressColumns | undefined =>
  isDebtor(person) ? debtorAddressColumns : coBorrowers.get(placeOf(person))?.address;

const employerAt = (person: Things): EmployerColumns =>
  coBorrowers.get(placeOf(person))?.employer ?? debtorEmployerColumns;

const given = (...columns: readonly (Column<unknown> | undefined)[]): Column<unknown>[] =>
  columns.filter((column) => column !== undefined);

/** The columns of a person by the names of the fields that they answer. */
const columnsAt = (person: Things): Readonly<Record<string, Column<unknown> | undefined>> =>
  isDebtor(person) ? debtorColumns : (coBorrowers.get(placeOf(person))?.person ?? {});

export const peopleCosts: FieldCosts = {
  'Borrower.fullName': { reads: ({ things }) => given(columnsAt(things)['fullName']) },
  'Borrower.ssn': {
    reads: ({ things, scopes }) => {
      const { ssn, ssnLast4 = ssn } = columnsAt(things);
      return given(scopes.has('pii:read') ? ssn : ssnLast4);
    },
  },
  'Borrower.ssnLast4': {
    reads: ({ things }) => {
      const { ssn, ssnLast4 = ssn } = columnsAt(things);
      return given(ssnLast4);
    },
  },
  'Borrower.reportFileNumber': { reads: ({ things }) => given(columnsAt(things)['reportFileNumber']) },
  'Borrower.employer': {
    reads: ({ things }) => columnsOfEmployer(employerAt(things)),
    gives: ({ things }) => (isOfOrder(things) ? [] : partAt(things, 'employer', employerAt(things))),
  },
  'Employer.address': {
    reads: ({ things }) => Object.values(parentOf(things).columns?.address ?? {}),
    gives: ({ things }) => partAt(things, 'address', parentOf(things).columns?.address),
  },
  'Borrower.addresses': {
    reads: ({ things }) => Object.values(addressAt(things) ?? {}),
    calls: ({ things }) => (isOfOrder(things) ? [callsFor('listBorrowerAddresses', things)] : []),
    gives: ({ things }) =>
      isOfOrder(things)
        ? [addressOf(things, borrowerAddressColumns)]
        : partAt(things, 'address', addressAt(things)),
  },
  'Borrower.phones': {
    calls: (asked) => {
      const { things } = asked;
      if (isOfOrder(things)) return [callsFor('listBorrowerPhones', things)];
      // The phones of the others stand in the account's own row.
      return isDebtor(things) ? callsForPhones(asked) : fullRows(asked);
    },
    gives: ({ things }) => {
      if (isOfOrder(things)) return [phonesOfBorrowers(things)];
      if (!things.account) return [];
      if (isDebtor(things)) return [phonesOf(things.account, assumedSizes.phonesOfAccount)];
      const { phoneKeys = [] } = coBorrowers.get(placeOf(things)) ?? {};
      return [phonesOf(things.account, phoneKeys.length, placeOf(things))];
    },
  },
  'Borrower.phone': {
    calls: ({ things, args }) => {
      if (isOfOrder(things)) {
        const phoneId = textsIn(args['phoneId']).join();
        return [
          callsFor('getBorrowerPhone', phoneOfBorrower(things, phoneId)),
          // Several of one borrower come from the list, and what that lacks by a call for each.
          { ...callsFor('listBorrowerPhones', things), ifSeveral: phoneId },
        ];
      }
      return isDebtor(things) && things.account ? [callsFor('getphones', things.account)] : [];
    },
    gives: ({ things, args }) => {
      if (isOfOrder(things)) return [phoneOfBorrower(things, textsIn(args['phoneId']).join())];
      return isDebtor(things) && things.account ? [phonesOf(things.account, 1)] : [];
    },
  },
  'Borrower.account': {
    calls: ({ things }) => accountBehind(things).calls,
    gives: ({ things }) => accountBehind(things).gives,
  },

  'Phone.account': {
    calls: ({ things }) => accountBehind(things).calls,
    gives: ({ things }) => accountBehind(things).gives,
  },
  'Phone.accounts': {
    calls: ({ things }) => [callsFor('searchbyphone', things)],
    gives: ({ things }) => [accountsFound(things)],
  },
  'Phone.borrower': {
    calls: ({ things }) =>
      isOfOrder(things) && things.order ? [callsFor('listOrderBorrowers', things.order)] : [],
    gives: ({ things }) => {
      if (isOfOrder(things)) return things.borrower ? [things.borrower] : [];
      return things.account ? [personOf(things.account, parentOf(things).person ?? debtor)] : [];
    },
  },
};
