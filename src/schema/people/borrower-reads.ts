import { fullRows } from '../../operation/cost/field-cost.ts';
import { callsFor, named, relatedTo, type Things } from '../../operation/cost/things.ts';
import { absentFrom } from '../../upstreams/endpoint/left-out.ts';
import {
  borrowerAddressColumns,
  listBorrowerAddresses,
  listOrderBorrowers,
} from '../../upstreams/recoveryconnect/borrowers.ts';
import { listBorrowerPhones } from '../../upstreams/recoveryconnect/phones.ts';
import { getaccount } from '../../upstreams/scollect/accounts.ts';
import { debtor } from '../../upstreams/scollect/people-columns.ts';
import { getphones } from '../../upstreams/scollect/phones.ts';
import {
  addressOf,
  partAt,
  personOf,
  phonesOf,
  phonesPerAccount,
  wholeAccounts,
} from '../accounts/account-things.ts';
import { builder } from '../kit/builder.ts';
import { fileNumberOf, numericId } from '../kit/input-error.ts';
import { bySystem, findNodesBy } from '../kit/node.ts';
import { declaring } from '../kit/read.ts';
import { borrowerOf, phonesOfBorrowers } from '../orders/order-things.ts';
import { AddressType } from './address.ts';
import { BorrowerType } from './borrower.ts';
import {
  addressColumnsOf,
  addressesOf,
  type Borrower,
  borrowerOfOrder,
  coBorrowers,
  personAt,
  personIn,
  personKnown,
} from './borrower-rows.ts';
import {
  callsForPhones,
  findPhone,
  loadBorrowerPhone,
  type Phone,
  PhoneType,
  phoneKnown,
  phonesOfAccount,
  phonesOfBorrower,
  phonesOfCoBorrower,
  phoneWithId,
} from './phone.ts';

const isOnOrder = ({ parent }: Things): boolean =>
  (parent as Pick<Borrower, 'source'>).source === 'RECOVERY_CONNECT';

const placeOf = ({ parent }: Things): string => (parent as { readonly place?: string }).place ?? debtor;

/** The accounts of some people, if those are the debtors. */
const debtorsIn = (things: Things): Things[] =>
  placeOf(things) === debtor ? relatedTo(things, 'account') : [];

// What a person has that costs a call of its own.
builder.objectFields(BorrowerType, (t) => ({
  addresses: t.field({
    type: [AddressType],
    nullable: true,
    description:
      "Addresses of the person (Scollect: the account's own record; RecoveryConnect: listBorrowerAddresses). Null, with an error, if they cannot be read.",
    extensions: declaring<Borrower>({
      start: (borrower, _, { loaders }) =>
        borrower.source === 'RECOVERY_CONNECT' ? loaders.of(listBorrowerAddresses).load(borrower) : undefined,
      reads: ({ things }) => Object.values(addressColumnsOf(personIn(things)) ?? {}),
      calls: ({ things }) => (isOnOrder(things) ? [callsFor(listBorrowerAddresses, things)] : []),
      gives: ({ things }) =>
        isOnOrder(things)
          ? [addressOf(things, borrowerAddressColumns)]
          : partAt(things, 'address', addressColumnsOf(personIn(things))),
    }),
    resolve: (borrower, _, context) => addressesOf(borrower, context),
  }),
  phones: t.field({
    type: [PhoneType],
    nullable: true,
    description:
      "The person's phones (Scollect: getphones, or for others than the debtor the account's own record; RecoveryConnect: listBorrowerPhones). Null, with an error, if they cannot be read.",
    extensions: declaring<Borrower>({
      start: (borrower, _, { loaders }) => {
        if (borrower.source === 'RECOVERY_CONNECT') return loaders.of(listBorrowerPhones).load(borrower);
        return borrower.place === debtor ? loaders.of(getphones).load(borrower) : undefined;
      },
      calls: (selected) => {
        const { things } = selected;
        if (isOnOrder(things)) return [callsFor(listBorrowerPhones, things)];
        // The account's own row contains the phones of the others.
        return placeOf(things) === debtor ? callsForPhones(selected) : fullRows(selected);
      },
      gives: ({ things }) => {
        if (isOnOrder(things)) return [phonesOfBorrowers(things)];
        const place = placeOf(things);
        const size = coBorrowers.get(place)?.phoneKeys.length ?? phonesPerAccount;
        return relatedTo(things, 'account').map((account) => phonesOf(account, size, place));
      },
    }),
    resolve: (borrower, _, context, info) => {
      if (borrower.source === 'RECOVERY_CONNECT') return phonesOfBorrower(borrower, context);
      return borrower.place === debtor
        ? phonesOfAccount(borrower, context, info)
        : phonesOfCoBorrower(borrower, borrower.place, context);
    },
  }),
  phone: t.field({
    type: PhoneType,
    nullable: true,
    description:
      "One of the person's phones (RecoveryConnect: getBorrowerPhone, or the list if that is selected too; Scollect: getphones). Null if the person has no such phone.",
    args: {
      phoneId: t.arg.id({ required: true, description: "The system's number for the phone." }),
    },
    extensions: declaring<Borrower>({
      start: (borrower, args, { loaders }) => {
        const phoneId = numericId(String(args['phoneId']), 'phoneId');
        if (borrower.source === 'RECOVERY_CONNECT') {
          const { orderId, borrowerId } = borrower;
          return loaders.phoneOfBorrower.load({ orderId, borrowerId, phoneId });
        }
        return borrower.place === debtor ? loaders.of(getphones).load(borrower) : undefined;
      },
      below: (borrower) => {
        if (borrower.source === 'RECOVERY_CONNECT') return borrower;
        return borrower.place === debtor ? phoneKnown(borrower.fileNumber) : undefined;
      },
      calls: ({ things, args }) => {
        if (isOnOrder(things)) return findPhone(things, String(args['phoneId'])).calls;
        return debtorsIn(things).map((account) => callsFor(getphones, account));
      },
      gives: ({ things, args }) => {
        if (isOnOrder(things)) return findPhone(things, String(args['phoneId'])).gives;
        return debtorsIn(things).map((account) => phonesOf(account, 1));
      },
    }),
    resolve: async (borrower, args, context) => {
      const phoneId = numericId(args.phoneId, 'phoneId');
      if (borrower.source === 'RECOVERY_CONNECT') return loadBorrowerPhone(borrower, phoneId, context);
      if (borrower.place !== debtor) return null;
      const phones = await phonesOfAccount(borrower, context);
      return phoneWithId(phones, phoneId) ?? absentFrom(getphones, phones);
    },
  }),
}));

builder.objectField(PhoneType, 'borrower', (t) =>
  t.field({
    type: BorrowerType,
    nullable: true,
    description:
      "The person of the phone (Scollect: the account's own record; RecoveryConnect: listOrderBorrowers).",
    extensions: declaring<Phone>({
      start: (phone, _, { loaders }) =>
        phone.source === 'RECOVERY_CONNECT' ? loaders.of(listOrderBorrowers).load(phone) : undefined,
      below: (phone) =>
        phone.source === 'RECOVERY_CONNECT'
          ? phone
          : personKnown(phone.account.fileNumber, phone.person ?? debtor),
      calls: ({ things }) =>
        isOnOrder(things)
          ? relatedTo(things, 'order').map((order) => callsFor(listOrderBorrowers, order))
          : [],
      gives: ({ things }) => {
        if (isOnOrder(things)) return relatedTo(things, 'borrower');
        const { person = debtor } = things.parent as { readonly person?: string };
        return relatedTo(things, 'account').map((account) => personOf(account, person));
      },
    }),
    resolve: async (phone, _, context, info): Promise<Borrower | null> => {
      if (phone.source === 'RECOVERY_CONNECT') return borrowerOfOrder(phone, context, info);
      const { fileNumber, row } = phone.account;
      return { source: 'SCOLLECT', place: phone.person ?? debtor, fileNumber, row };
    },
  }),
);

/** The calls for a person on an order, and the person. */
const findBorrower = (orderId: string, borrowerId: string) => {
  const order = named('order', [orderId], { parent: {} });
  return { calls: [callsFor(listOrderBorrowers, order)], gives: [borrowerOf(order, borrowerId)] };
};

findNodesBy('Borrower', {
  scopeOf: bySystem,
  find: ([system, ...key], context, info) => {
    const [first = '', second = ''] = key;
    if (key.length !== 2) return undefined;
    if (system === 'S') return personAt(fileNumberOf(first, 'id'), second, context, info);
    if (system !== 'R') return undefined;
    const borrower = { orderId: numericId(first, 'id'), borrowerId: numericId(second, 'id') };
    return borrowerOfOrder(borrower, context, info);
  },
  costOf: ([system, ...key]) => {
    const [first = '', second = ''] = key;
    if (key.length !== 2) return undefined;
    if (system === 'R') return findBorrower(first, second);
    const account = wholeAccounts([first]);
    return system === 'S'
      ? { calls: [callsFor(getaccount, account)], gives: [personOf(account, second)] }
      : undefined;
  },
});
