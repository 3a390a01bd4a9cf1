import { toDateOfBirth } from '../../values/date.ts';
import { toFlag } from '../../values/flag.ts';
import { toSsn } from '../../values/ssn.ts';
import { toText } from '../../values/text.ts';
import { column } from '../column.ts';
import { identifier, recoveryConnectRead, rows } from '../endpoint.ts';

/** The `phones` inside its rows are empty even for a borrower who has some: `listBorrowerPhones` tells. */
export const listOrderBorrowers = recoveryConnectRead({
  operation: 'listOrderBorrowers',
  method: 'GET',
  path: '/api/v140/orders/{order_id}/borrowers',
  reply: rows({ id: identifier }),
  nothing: 'NO_ROWS',
});

export const listBorrowerAddresses = recoveryConnectRead({
  operation: 'listBorrowerAddresses',
  method: 'GET',
  path: '/api/v140/orders/{order_id}/borrowers/{borrower_id}/addresses',
  reply: rows({ id: identifier }),
  nothing: 'NO_ROWS',
});

/** A person on an order; what a new order calls `type` and `date_of_birth`, the reads call otherwise. */
export const borrowerColumns = {
  borrowerId: column(toText, 'id'),
  role: column(toText, 'role', 'type'),
  firstName: column(toText, 'firstname'),
  middleName: column(toText, 'middle_initial'),
  lastName: column(toText, 'lastname'),
  ssn: column(toSsn, 'ssn'),
  dateOfBirth: column(toDateOfBirth, 'birthday', 'date_of_birth'),
  isDeceased: column(toFlag, 'is_deceased'),
  isActiveMilitary: column(toFlag, 'active_military'),
  bankruptcy: column(toText, 'bankruptcy'),
} as const;
