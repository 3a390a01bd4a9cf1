import type { GraphQLResolveInfo } from 'graphql';
import { callsFor, named } from '../../operation/cost/things.ts';
import { prefetch } from '../../operation/prefetch.ts';
import type { Context } from '../../request/context.ts';
import { absentFrom } from '../../upstreams/endpoint/left-out.ts';
import { getaccount } from '../../upstreams/scollect/accounts.ts';
import { coBorrowerColumns } from '../../upstreams/scollect/people-columns.ts';
import { getphones } from '../../upstreams/scollect/phones.ts';
import { canonicalId } from '../../values/numeric-id.ts';
import { bareAccounts, phonesOf } from '../accounts/account-things.ts';
import { fileNumberOf, numericId } from '../kit/input-error.ts';
import { isSameKey } from '../kit/listed.ts';
import { bySystem, findNodesBy } from '../kit/node.ts';
import { borrowerOf } from '../orders/order-things.ts';
import {
  findPhone,
  keyOfPhone,
  loadBorrowerPhone,
  type Phone,
  phoneKnown,
  phonesOfAccount,
  phonesOfCoBorrower,
  phoneWithId,
} from './phone.ts';

/** The person of the account whose phone is at a place of its row. */
const ownerOf = (place: string): string | undefined =>
  coBorrowerColumns.find(({ phoneKeys }) => phoneKeys.includes(place))?.place;

/**
 * One phone of an account.
 *
 * @param key what follows the file number in its id; that of earlier versions is Scollect's number for the record.
 */
const phoneAt = async (
  fileNumber: string,
  key: readonly string[],
  context: Context,
  info: GraphQLResolveInfo,
): Promise<Phone | null> => {
  const account = { fileNumber, row: {} };
  const [place = ''] = key;
  const owner = ownerOf(place);
  const reading =
    owner === undefined ? phonesOfAccount(account, context) : phonesOfCoBorrower(account, owner, context);
  prefetch('Phone', phoneKnown(fileNumber, owner), context, info);
  const phones = await reading;
  const whole = ['S', fileNumber, ...key];
  const found =
    phones.find((phone) => isSameKey(keyOfPhone(phone, context), whole)) ??
    (key.length === 1 ? phoneWithId(phones, canonicalId(place)) : undefined);
  return found ?? absentFrom(getphones, phones);
};

const costOfPhoneAt = (fileNumber: string, place: string) => {
  const account = bareAccounts([fileNumber]);
  const owner = ownerOf(place);
  return {
    calls: [callsFor(owner === undefined ? getphones : getaccount, account)],
    gives: [phonesOf(account, 1, owner)],
  };
};

/** The file number, the key of the phone, and an ordinal if it is not the first with that key. */
const isKeyInAccount = ({ length }: readonly string[]): boolean => length === 2 || length === 3;

findNodesBy('Phone', {
  scopeOf: bySystem,
  find: ([system = '', ...key], context, info) => {
    const [first = '', second = '', third = ''] = key;
    if (system === 'S' && isKeyInAccount(key)) {
      return phoneAt(fileNumberOf(first, 'id'), key.slice(1), context, info);
    }
    if (system !== 'R' || key.length !== 3) return undefined;
    const borrower = { orderId: numericId(first, 'id'), borrowerId: numericId(second, 'id') };
    const phone = loadBorrowerPhone(borrower, numericId(third, 'id'), context);
    prefetch('Phone', { source: 'RECOVERY_CONNECT', ...borrower }, context, info);
    return phone;
  },
  costOf: ([system = '', ...key]) => {
    const [first = '', second = '', third = ''] = key;
    if (system === 'S' && isKeyInAccount(key)) return costOfPhoneAt(first, second);
    if (system !== 'R' || key.length !== 3) return undefined;
    return findPhone(borrowerOf(named('order', [first], { parent: {} }), second), third);
  },
});
