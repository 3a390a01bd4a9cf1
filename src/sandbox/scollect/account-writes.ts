import { httpDay, parseDate } from '../dates.ts';
import { formatCents, parseCents } from '../money.ts';
import { type AccountColumn, type AccountRow, r1050 } from './account-columns.ts';
import { error, errorWithStatus, succeed, unknownAccount } from './answers.ts';
import { type Handler, requireTexts } from './handler.ts';
import { isPermissionField, kindOf, type PermissionField, type Permissions } from './permission-fields.ts';
import { findAccount } from './tables.ts';

const isColumn = (name: string): name is AccountColumn => Object.hasOwn(r1050, name);

/** A name that getaccount answers and updatedbase takes may be the misspelt one. */
const columnOf = (name: string): string => (name === 'managename' ? 'managername' : name);

/** A whole number, as a column of numbers takes it: 0 for what is none. */
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
  // Other rows refer to an account by these two.
  if (column === 'filenumber' || column === 'id') {
    return errorWithStatus(`The field ${fieldname} must not be updated.`, 400);
  }
  const account = findAccount(state, filenumber);
  if (!account) return error(unknownAccount);
  setColumn(account.row, column, fieldvalue);
  return succeed({ success: 'Dbase table updated successfully' });
};

// As lenient as the database behind the API, which holds dates such as 0000-00-00: what does not fit becomes nothing.
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
  // `valueFor` gives what the field's kind holds, which TypeScript cannot follow through a field known at run time.
  Object.assign(account.permissions, {
    [fieldname]: valueFor(fieldname, fieldvalue),
  } as Partial<Permissions>);
  return succeed({ success: 'Account permissions table updated successfully' });
};
