import { z } from 'zod';
import { accountColumns } from '../../upstreams/scollect/account-columns.ts';
import { getAlaccountdata, updatedbase, updatepermissions } from '../../upstreams/scollect/accounts.ts';
import { getemailstats } from '../../upstreams/scollect/messages.ts';
import { fileNumber } from '../kit/checks.ts';
import { addMutation } from '../kit/mutation.ts';
import { AccountChangesInput, accountChanges } from './account-changes.ts';
import { fileNumberInput, rowsOfAccount } from './account-written.ts';
import { checkOfInput } from './field-inputs.ts';
import { applyFields, fieldsWritten } from './field-writes.ts';
import { AccountPermissionsInput, accountPermissions } from './permission-fields.ts';
import { keyOf } from './written-columns.ts';

const oneByOne =
  'one call for each given field, one after another). A rejected field does not affect the others, and changed fields stay changed: `failed` lists those that were not changed';

const whatToCheckOfPermissions =
  'Look at what shows it (`Account.settlement`, `Account.emailStats`; of other permissions nothing is shown); to set the same once more does no harm.';

addMutation('updateAccountPermissions', {
  endpoint: updatepermissions,
  calls: ({ permissions }) => permissions.length,
  scope: 'accounts:write',
  description: `Changes the permissions of an account (Scollect: updatepermissions, ${oneByOne}.`,
  input: (t) => ({
    fileNumber: t.string({ required: true, description: fileNumberInput }),
    permissions: t.field({
      type: AccountPermissionsInput,
      required: true,
      description: 'What to change, at least one field.',
    }),
  }),
  check: z.strictObject({ fileNumber, permissions: checkOfInput(accountPermissions) }),
  execute: ({ fileNumber: file, permissions: writes }, context) => {
    const fields = {
      fileNumber: file,
      writes,
      within: 'permissions',
      whatToCheck: whatToCheckOfPermissions,
    };
    return applyFields(updatepermissions, fields, context);
  },
  success: fieldsWritten,
  changes: [getAlaccountdata, getemailstats],
  whatToCheck: whatToCheckOfPermissions,
});

const whatToCheckOfChanges = 'Look at the account; to set the same once more does no harm.';

const balance = keyOf(accountColumns.currentBalance);

addMutation('updateAccount', {
  endpoint: updatedbase,
  calls: ({ changes }) => changes.length,
  scope: 'accounts:write',
  description: `Changes what is recorded of an account and its people (Scollect: updatedbase, ${oneByOne}.`,
  input: (t) => ({
    fileNumber: t.string({ required: true, description: fileNumberInput }),
    changes: t.field({
      type: AccountChangesInput,
      required: true,
      description: 'What to change, at least one field.',
    }),
  }),
  check: z.strictObject({ fileNumber, changes: checkOfInput(accountChanges) }),
  execute: ({ fileNumber: file, changes: writes }, context) => {
    const fields = { fileNumber: file, writes, within: 'changes', whatToCheck: whatToCheckOfChanges };
    return applyFields(updatedbase, fields, context);
  },
  success: fieldsWritten,
  changes: ({ changes: writes }) => [
    ...rowsOfAccount,
    ...(writes.some(({ fieldname }) => fieldname === balance) ? [getAlaccountdata] : []),
  ],
  whatToCheck: whatToCheckOfChanges,
});
