import { httpDay, parseDate } from '../dates.ts';
import { formatCents, parseCents } from '../money.ts';
import { type AccountColumn, type AccountRow, r1050 } from './account-columns.ts';
import { error, errorWithStatus, succeed, unknownAccount } from './answers.ts';
import { type Handler, requireTexts } from './handler.ts';
import { isPermissionField, kindOf, type PermissionField, type Permissions } from './permission-fields.ts';
import { findAccount } from './tables.ts';

const isColumn = (name: string): name is AccountColumn => Object.hasOwn(r1050, name);

/** A key of getaccount that updatedbase accepts may be the misspelled one. */
const columnOf = (name: string): string => (name === 'managename' ? 'managername' : name);

/** Reads an integer as a numeric column does: 0 for anything else. */
const wholeNumber = (text: string): number => {
  const value = Math.trunc(Number(text));
  return Number.isSafeInteger(value) ? value : 0;
};

const setColumn = (row: AccountRow, column: AccountColumn, value: string): void => {
  row[column] = typeof row[column] === 'number' ? wholeNumber(value) : value;
};

export const updatedbase: Handler = ({ state, body }) => {
  const required = requireTexts(body, ['filenumber', 'fieldname']);
  if ('missing' in required) return error(`Missing ${required.missing}`);
  const { filenumber, fieldname } = required.texts;
  const { fieldvalue } = body;
  if (typeof fieldvalue !== 'string') return error('Missing fieldvalue');
  const column = columnOf(fieldname);
  if (!isColumn(column)) {
    return errorWithStatus(`The field ${fieldname} does not exist in the dbase table.`, 404);
  }
  // Other rows refer to an account by these columns.
  if (column === 'filenumber' || column === 'id') {
    return errorWithStatus(`The field ${fieldname} must not be updated.`, 400);
  }
  const account = findAccount(state, filenumber);
  if (!account) return error(unknownAccount);
  setColumn(account.row, column, fieldvalue);
  return succeed({ success: 'Dbase table updated successfully' });
};

// As lenient as the database of the API, which contains dates such as 0000-00-00: invalid values become null.
const valueFor = (field: PermissionField, text: string): string | number | null => {
  const kind = kindOf(field);
  if (kind === 'text') return text;
  if (kind === 'decimal') return formatCents(parseCents(text) ?? 0);
  if (kind === 'number') return wholeNumber(text);
  if (kind === 'flag') return text.trim() === '1' ? 1 : 0;
  const date = parseDate(text);
  return date ? httpDay(date) : null;
};

export const updatepermissions: Handler = ({ state, body }) => {
  const required = requireTexts(body, ['filenumber', 'fieldname']);
  if ('missing' in required) return error(`Missing ${required.missing}`);
  const { filenumber, fieldname } = required.texts;
  const { fieldvalue } = body;
  if (typeof fieldvalue !== 'string') return error('Missing fieldvalue');
  const account = findAccount(state, filenumber);
  if (!account) return error(unknownAccount);
  if (!isPermissionField(fieldname)) {
    return errorWithStatus(`The field ${fieldname} does not exist in the account permissions table.`, 404);
  }
  // `valueFor` returns a value of the kind of the field, which TypeScript cannot infer for a dynamic field.
  Object.assign(account.permissions, {
    [fieldname]: valueFor(fieldname, fieldvalue),
  } as Partial<Permissions>);
  return succeed({ success: 'Account permissions table updated successfully' });
};
