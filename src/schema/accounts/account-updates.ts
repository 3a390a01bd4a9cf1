import { z } from 'zod';
import { accountColumns } from '../../upstreams/scollect/account-columns.ts';
import { updatedbase, updatepermissions } from '../../upstreams/scollect/accounts.ts';
import { fileNumber } from '../kit/checks.ts';
import { addMutation } from '../kit/mutation.ts';
import { AccountChangesInput, accountChanges } from './account-changes.ts';
import { fileNumberInput, forgetAccount } from './account-written.ts';
import { checkOfInput } from './field-inputs.ts';
import { applyFields, fieldsWritten } from './field-writes.ts';
import { AccountPermissionsInput, accountPermissions } from './permission-fields.ts';
import { keyOf } from './written-columns.ts';

const oneByOne =
  'one call for each field that is given, one after another). A field that is refused leaves the others alone, and what was changed stays changed: `failed` tells of each that was not';

const whatToCheckOfPermissions =
  'Look at what shows it (`Account.settlement`, `Account.emailStats`; of other permissions nothing is shown); to set the same once more does no harm.';

addMutation('updateAccountPermissions', {
  scope: 'accounts:write',
  description: `Changes what may be done with an account (Scollect: updatepermissions, ${oneByOne}.`,
  input: (t) => ({
    fileNumber: t.string({ required: true, description: fileNumberInput }),
    permissions: t.field({
      type: AccountPermissionsInput,
      required: true,
      description: 'What to change, at least one field.',
    }),
  }),
  check: z.strictObject({ fileNumber, permissions: checkOfInput(accountPermissions) }),
  carryOut: ({ fileNumber: file, permissions: writes }, context) => {
    const fields = {
      fileNumber: file,
      writes,
      within: 'permissions',
      whatToCheck: whatToCheckOfPermissions,
    };
    return applyFields(updatepermissions, fields, context);
  },
  success: fieldsWritten,
  forget: (loaders, { fileNumber: file }) => {
    loaders.settlement.clear(file);
    loaders.emailStats.clear(file);
  },
  whatToCheck: whatToCheckOfPermissions,
});

const whatToCheckOfChanges = 'Look at the account; to set the same once more does no harm.';

const balance = keyOf(accountColumns.currentBalance);

addMutation('updateAccount', {
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
  carryOut: ({ fileNumber: file, changes: writes }, context) => {
    const fields = { fileNumber: file, writes, within: 'changes', whatToCheck: whatToCheckOfChanges };
    return applyFields(updatedbase, fields, context);
  },
  success: fieldsWritten,
  forget: (loaders, { fileNumber: file, changes }) => {
    forgetAccount(loaders, { fileNumber: file });
    if (changes.some(({ fieldname }) => fieldname === balance)) loaders.settlement.clear(file);
  },
  whatToCheck: whatToCheckOfChanges,
});
