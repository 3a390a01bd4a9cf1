import { sqlTime } from '../dates.ts';
import { findBorrower, type Handler, idIn, type Request } from './handler.ts';
import { fixme, noSuch } from './laravel.ts';
import { nextId, type PhoneRow, type RecoveryConnectState } from './records.ts';
import { type Fields, flagOf, numberOf, type Rules, textOf, validate } from './validation.ts';
import { phoneListing } from './views.ts';

const optionalRules: Rules = {
  mobile_carrier_id: ['integer'],
  extension: ['string'],
  memo: ['string'],
  valid: ['boolean'],
  no_contact: ['boolean'],
};

/** Ten digits are written ###-###-####; anything else is kept as it is. */
const normalizeNumber = (number: string): string => {
  const digits = number.replace(/\D/g, '');
  return digits.length === 10 ? digits.replace(/^(...)(...)(....)$/, '$1-$2-$3') : number;
};

const noAddress = 'No address';

/** Creates a phone from a body. It is valid and may be called, unless the body states otherwise. */
export const createPhone = (
  state: RecoveryConnectState,
  fields: Fields,
  now: Date,
  addressWithNumber: string = noAddress,
): PhoneRow => ({
  id: nextId(state, 'phone'),
  type: numberOf(fields, 'type') ?? 1,
  mobile_carrier_id: numberOf(fields, 'mobile_carrier_id'),
  number: normalizeNumber(textOf(fields, 'number')),
  extension: textOf(fields, 'extension') || null,
  memo: textOf(fields, 'memo') || null,
  valid: 'valid' in fields ? flagOf(fields, 'valid') : 1,
  no_contact: flagOf(fields, 'no_contact'),
  created_at: sqlTime(now),
  updated_at: sqlTime(now),
  deleted_at: null,
  migration: null,
  address_with_number: addressWithNumber,
});

const findPhone = (request: Request): PhoneRow => {
  const id = request.params['phone_id'] ?? '';
  const phone = findBorrower(request).phones.find((row) => row.id === idIn(id));
  if (!phone) throw noSuch('Phone', id);
  return phone;
};

export const listBorrowerPhones: Handler = (request) => ({
  data: findBorrower(request).phones.map(phoneListing),
});

export const createBorrowerPhone: Handler = (request) => {
  const { state, body, now } = request;
  const { phones } = findBorrower(request);
  validate(body, { type: ['required', 'integer'], number: ['required', 'string'], ...optionalRules });
  const phone = createPhone(state, body, now);
  phones.push(phone);
  return { data: phone, status: 'success' };
};

export const getBorrowerPhone: Handler = (request) => ({
  data: findPhone(request),
  meta: fixme('v140', 'Get/ShowSingleOrderBorrowerPhoneInfo', 35),
});

/** Omitted keys stay unchanged; null clears an optional one. */
const applyChanges = (phone: PhoneRow, body: Fields): void => {
  if ('type' in body) phone.type = numberOf(body, 'type') ?? phone.type;
  if ('mobile_carrier_id' in body) phone.mobile_carrier_id = numberOf(body, 'mobile_carrier_id');
  if ('number' in body) phone.number = normalizeNumber(textOf(body, 'number') || phone.number);
  if ('extension' in body) phone.extension = textOf(body, 'extension') || null;
  if ('memo' in body) phone.memo = textOf(body, 'memo') || null;
  if ('valid' in body) phone.valid = flagOf(body, 'valid');
  if ('no_contact' in body) phone.no_contact = flagOf(body, 'no_contact');
};

export const updateBorrowerPhone: Handler = (request) => {
  const phone = findPhone(request);
  validate(request.body, { type: ['integer'], number: ['string'], ...optionalRules });
  applyChanges(phone, request.body);
  phone.updated_at = sqlTime(request.now);
  return { data: phone, status: 'success' };
};

export const deleteBorrowerPhone: Handler = (request) => {
  const phone = findPhone(request);
  const { phones } = findBorrower(request);
  phones.splice(phones.indexOf(phone), 1);
  return { data: { success: true }, meta: fixme('v130', 'Delete/DeleteOrderBorrowerInfo', 51) };
};
