import getpayments from '../fixtures/scollect/getpayments.json' with { type: 'json' };
import { type AccountRow, r1050 } from '../scollect/account-columns.ts';
import type { Account } from '../scollect/tables.ts';
import { accountOf, paymentOf, phoneRow } from './account-parts.ts';
import { r1001 } from './account-r1001.ts';
import { day } from './people.ts';

// The accounts in the documents. Where a row is not documented as a whole, it contains the values of documented
// responses.

const rowOf = (
  filenumber: string,
  id: number,
  accountnumber: string,
  columns: Partial<AccountRow>,
): AccountRow => ({
  ...r1001,
  docketnumber: '',
  statusname: 'ACTIVE',
  filenumber,
  id,
  accountnumber,
  ...columns,
});

const named = (firstname: string, lastname: string) => ({
  firstname,
  lastname,
  fullname: `${firstname} ${lastname}`,
});

const accountR1000 = (): Account => {
  const row = rowOf('R1000', 1, '12345678', {
    ...named('IVANA', 'LAST NAME'),
    address: 'PO BOX 0123',
    state: 'ST',
    zip: '12345',
    custom4: '12345',
    currentbalance: '589.00',
    originalbalance: '589.00',
    originalprincipal: '589.00',
    principal: '589.00',
    groupname: 'Added new alert.',
    lastworked: '1/12/2024',
    statusname: 'Bankruptcy',
  });
  return accountOf(row);
};

const accountR1001 = (): Account => {
  const row = { ...r1001 };
  const phones = [
    phoneRow(row, 15171287, '407-253-7828', 'HOME', 'Good Number', day(2023, 10, 4)),
    phoneRow(row, 15171288, '555-589-5050', 'CELL', 'Good Number', day(2023, 10, 4)),
    phoneRow(row, 15171289, '222-222-2222', 'WORK', 'Disconnected', day(2024, 1, 23)),
  ];
  const payments = getpayments.success.result.map(({ paymentdate, paymentamount, datetaken }) =>
    paymentOf(new Date(paymentdate), paymentamount, 'POSTED', { datetaken }),
  );
  return accountOf(row, { phones, payments });
};

const accountR1002 = (): Account => {
  const row = rowOf('R1002', 3, '3700956', { ...named('JANE', 'SMITH'), city: 'SPRINGFIELD', state: 'IL' });
  const phones = [phoneRow(row, 15171290, '217-555-0199', 'CELL', 'Good Number')];
  const card = { paymentmethod: 'CREDIT CARD', typeofpayment: 'Online', payorname: 'Jane Smith' };
  const payments = [
    paymentOf(day(2025, 3, 15), '75.00', 'PENDING', {
      ...card,
      last4card: '4242',
      cardtoken: '7hqa-ko21-ppde-9c03',
      cardexpirationdate: '08/2027',
    }),
  ];
  return accountOf(row, { phones, payments });
};

const accountR1005 = (): Account => {
  const row = rowOf('R1005', 6, '56545', {
    ...named('ANTHONY', 'POPE'),
    address: 'HCR 67 BOX 108',
    city: 'MARFA',
    state: 'MT',
    zip: '79843',
    birthdate: '',
  });
  return accountOf(row, { phones: [phoneRow(row, 15171295, '716-628-9899', 'CELL', 'Good Number')] });
};

const phonesOfR1050 = [
  ['111-222-3333', 'Good Number'],
  ['222-333-4444', 'Disconnected'],
  ['451-589-8544', 'Disconnected'],
  ['111-111-1111', 'UNKNOWN'],
  ['222-222-2222', 'UNKNOWN'],
  ['333-333-3333', 'UNKNOWN'],
  ['444-444-4444', 'UNKNOWN'],
  ['555-555-5555', 'UNKNOWN'],
] as const;

const accountR1050 = (): Account => {
  const row = { ...r1050 };
  const phones = phonesOfR1050.map(([number, status], index) =>
    phoneRow(row, 15171350 + index, number, 'UNKNOWN', status),
  );
  return accountOf(row, { phones });
};

/** The account of the borrower of order 57062885: they share a name, an account number and a phone. */
export const sharedWithOrder = {
  firstname: 'A_Toney',
  lastname: 'Spencer',
  accountNumber: '57116600',
  phone: '678-932-1578',
} as const;

const accountR1166 = (): Account => {
  const { firstname, lastname, accountNumber, phone } = sharedWithOrder;
  const row = rowOf('R1166', 167, accountNumber, {
    ...named(firstname.toUpperCase(), lastname.toUpperCase()),
    address: '10334 BRIDGTON MILL',
    city: 'SAN ANTONIO',
    state: 'TX',
    zip: '85123',
    emailaddress: 'customer@example.com',
    portfolio: 'Buffalo Loans',
    clientname: 'Concepts2Code',
  });
  const phones = [phoneRow(row, 15171466, phone, 'CELL', 'Good Number', day(2024, 3, 7))];
  return accountOf(
    row,
    { phones },
    { sentcount: 1, openedcount: 1, lastopenedemail: 'Thu, 07 Mar 2024 15:39:48 GMT', canemail: 1 },
  );
};

const accountR2121118 = (): Account => {
  const row = rowOf('R2121118', 176, '21211180', named('DORIS', 'FULLER'));
  const card = { paymentmethod: 'CREDIT CARD', last4card: '1111', cardtoken: '2bpx-91ke-mm4a-70dz' };
  return accountOf(row, {
    phones: [phoneRow(row, 15171475, '614-555-0198', 'CELL', 'UNKNOWN')],
    payments: [
      paymentOf(day(2025, 2, 3), '25.00', 'POSTED', {
        ...card,
        payorname: 'Doris Fuller',
        cardexpirationdate: '04/2028',
      }),
    ],
  });
};

const accountR2150984 = (): Account => {
  const row = rowOf('R2150984', 180, '21509840', {
    ...named('BLAKE', 'MCCAMMON'),
    lastpaymentamount: '40.00',
    lastpaymentdate: '5/26/2025',
  });
  const card = { paymentmethod: 'CREDIT CARD', last4card: '1165', cardtoken: '4jde-dt32-yclc-3d28' };
  const paid = {
    ...card,
    cardexpirationdate: '05/2030',
    payorname: 'Blake McCammon',
    typeofpayment: 'Online',
  };
  return accountOf(row, {
    phones: [phoneRow(row, 15171480, '716-555-0198', 'CELL', 'Good Number')],
    payments: [paymentOf(day(2025, 5, 26), '40.00', 'POSTED', paid)],
  });
};

/** Accounts of which only the existence is documented. */
const plainAccounts = (): Account[] => [
  accountOf(rowOf('D3406', 2407, '34060000', named('RUTH', 'HENSLEY'))),
  accountOf(rowOf('12345', 12345, '12345000', named('JOHN', 'DOE'))),
  accountOf(rowOf('R456456', 45646, '45645600', named('JOHN', 'DOE'))),
  accountOf(rowOf('316620', 31662, '31662000', named('NORA', 'WELLS'))),
];

/** New copies for every call, since a sandbox changes them. */
export const documentedAccounts = (): Account[] => [
  accountR1000(),
  accountR1001(),
  accountR1002(),
  accountR1005(),
  accountR1050(),
  accountR1166(),
  accountR2121118(),
  accountR2150984(),
  ...plainAccounts(),
];
