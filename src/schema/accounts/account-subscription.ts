import { oneOf } from '../../operation/cost/things.ts';
import type { Row } from '../../upstreams/endpoint/row.ts';
import { accountColumns } from '../../upstreams/scollect/account-columns.ts';
import { getaccount } from '../../upstreams/scollect/accounts.ts';
import { getnotes } from '../../upstreams/scollect/notes.ts';
import { getpayments } from '../../upstreams/scollect/payments.ts';
import { getphones } from '../../upstreams/scollect/phones.ts';
import { fileNumberOf } from '../kit/input-error.ts';
import { addUpdates } from '../kit/updates.ts';
import { AccountType } from './account.ts';
import { accountOfWrite } from './account-things.ts';

const { status, statusType, statusChangedAt, closedDate, closedReason, currentBalance, assignedTo } =
  accountColumns;
const statusColumns = [
  status,
  statusType,
  statusChangedAt,
  closedDate,
  closedReason,
  currentBalance,
  assignedTo,
];

addUpdates({
  field: 'account',
  type: AccountType,
  scope: 'accounts:read',
  description:
    'Changes of an account from now on. Scollect reports none: the gateway reads the account at an interval (`UPDATE_INTERVAL_MS`), and after each write through it, and compares. Events are lost while no subscription is open: query the account after each connection.',
  key: 'fileNumber',
  keyType: 'String',
  keyDescription: 'The file number of an account.',
  keyOf: (given) => fileNumberOf(given, 'fileNumber'),
  endpoint: getaccount,
  parts: {
    STATUS: {
      endpoint: getaccount,
      compared: (row: Row | null) => row && statusColumns.map((column) => column.read(row)),
      description: 'Status, closing, current balance and assignment of the account (Scollect: getaccount).',
    },
    PAYMENTS: { endpoint: getpayments, description: 'Its payments (Scollect: getpayments).' },
    NOTES: { endpoint: getnotes, description: 'Its notes (Scollect: getnotes).' },
    PHONES: { endpoint: getphones, description: 'Its phones (Scollect: getphones).' },
  },
  objectOf: ({ fileNumber }) => ({ fileNumber, row: {} }),
  gives: (things) => accountOfWrite(oneOf(things, 'updated')),
});
