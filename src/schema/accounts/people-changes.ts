import type { AddressColumns } from '../../upstreams/endpoint/address-columns.ts';
import {
  coBorrowerColumns,
  debtorAddressColumns,
  debtorColumns,
  debtorEmployerColumns,
  type EmployerColumns,
} from '../../upstreams/scollect/people-columns.ts';
import { groupedMembers, type Member, type Members } from './field-inputs.ts';
import { without, writtenColumns } from './written-columns.ts';

/** An address; those of employers, courts and payees have one line. */
export const addressMember = (columns: AddressColumns): Member =>
  groupedMembers(
    columns.line2 ? 'AccountAddressChangesInput' : 'AccountPlaceChangesInput',
    columns.line2 ? 'Changes of an address.' : 'Changes of an address of one line.',
    writtenColumns('Address', { ...columns }),
  );

/** An employer; of some no phone is kept. */
const employerMember = ({ name, phone, address }: EmployerColumns): Member =>
  groupedMembers(
    phone ? 'AccountEmployerChangesInput' : 'CoBorrowerEmployerChangesInput',
    'Changes of an employer.',
    { ...writtenColumns('Employer', { name, phone }), address: addressMember(address) },
  );

/** The debtor, whose fields stand among those of the account. */
export const debtorMembers: Members = {
  // The former is the same column as `ssn`, the latter as `bankruptcy.type`.
  ...writtenColumns('Borrower', without(debtorColumns, 'ssnLast4', 'bankruptcy'), ' of the debtor'),
  ...writtenColumns('Address', { ...debtorAddressColumns }, ' of the debtor'),
  employer: employerMember(debtorEmployerColumns),
};

/** By their places in the row: what they are called in inputs. */
const names: Readonly<Record<string, readonly [member: string, typeName: string, description: string]>> = {
  joint: ['jointDebtor', 'JointDebtorChangesInput', 'Changes of the joint debtor.'],
  spouse: ['spouse', 'SpouseChangesInput', 'Changes of the spouse.'],
  codebtor1: ['coDebtor1', 'CoDebtorChangesInput', 'Changes of a co-debtor.'],
  codebtor2: ['coDebtor2', 'CoDebtorChangesInput', 'Changes of a co-debtor.'],
};

/** The people who owe besides the debtor. */
export const coBorrowerMembers: Members = Object.fromEntries(
  coBorrowerColumns.map(({ place, person, address, employer }) => {
    const name = names[place];
    if (!name) throw new TypeError(`What ${place} is called in inputs is not known.`);
    const [member, typeName, description] = name;
    const members = {
      ...writtenColumns('Borrower', { ...person }),
      ...(address && { address: addressMember(address) }),
      employer: employerMember(employer),
    };
    return [member, groupedMembers(typeName, description, members)];
  }),
);
