import type { CallInput, Endpoint } from '../../../src/upstreams/endpoint/endpoint.ts';
import { listOrderBorrowers } from '../../../src/upstreams/recoveryconnect/borrowers.ts';
import {
  filterOrders,
  getOrder,
  listOrderCollaterals,
} from '../../../src/upstreams/recoveryconnect/orders.ts';
import { listBorrowerPhones } from '../../../src/upstreams/recoveryconnect/phones.ts';
import { getAlaccountdata, getaccount, searchbyphone } from '../../../src/upstreams/scollect/accounts.ts';
import { getattempts, insertattempt } from '../../../src/upstreams/scollect/attempts.ts';
import { getnotes, InsertNoteline } from '../../../src/upstreams/scollect/notes.ts';
import {
  getAlpaymentdata,
  getpayments,
  run_payment_external,
} from '../../../src/upstreams/scollect/payments.ts';
import { getphones } from '../../../src/upstreams/scollect/phones.ts';

/** The numbers that an agent works with. */
export interface Subject {
  readonly fileNumber: string;
  readonly orderId: string;
}

/** A call of an operation. */
export interface PlannedCall {
  readonly endpoint: Endpoint;
  input(subject: Subject): CallInput;
}

/** Calls that are made in parallel; the next round needs their responses. */
type Round = readonly PlannedCall[];

const planned = <E extends Endpoint>(
  endpoint: E,
  input: (subject: Subject) => CallInput<E>,
): PlannedCall => ({
  endpoint,
  // The input belongs to this endpoint, which the common type of all calls does not express.
  input: input as (subject: Subject) => CallInput,
});

const ofAccount = <
  E extends typeof getaccount | typeof getnotes | typeof getphones | typeof getpayments | typeof getattempts,
>(
  endpoint: E,
): PlannedCall =>
  planned<Endpoint>(endpoint, ({ fileNumber }) => ({ params: { filenumber: fileNumber } }) as CallInput);

const account = ofAccount(getaccount);
const order = { params: (subject: Subject) => ({ order_id: subject.orderId }) };
const search = planned(searchbyphone, ({ orderId }) => ({
  params: {},
  body: { PhoneNumber: `217-555-${orderId.slice(-4).padStart(4, '0')}` },
}));
const settlement = planned(getAlaccountdata, ({ fileNumber }) => ({
  params: {},
  body: { FileNumber: fileNumber },
}));
const methods = planned(getAlpaymentdata, ({ fileNumber }) => ({
  params: {},
  body: { FileNumber: fileNumber },
}));
const orders = planned(filterOrders, ({ orderId }) => ({ params: {}, query: { ids: orderId } }));
const oneOrder = planned(getOrder, (subject) => ({ params: order.params(subject) }));
const borrowers = planned(listOrderBorrowers, (subject) => ({ params: order.params(subject) }));
const collaterals = planned(listOrderCollaterals, (subject) => ({ params: order.params(subject) }));
const phonesOf = (borrower: string): PlannedCall =>
  planned(listBorrowerPhones, ({ orderId }) => ({ params: { order_id: orderId, borrower_id: borrower } }));
const payments = [settlement, methods, account, ofAccount(getpayments)];

/**
 * The operations of the agent desk, with the rounds of upstream calls that each of them makes. A test compares them with
 * the calls that the gateway makes for the documents of the agent desk.
 */
export const deskOperations = {
  AccountsByPhone: [[search], [account]],
  AccountOverview: [[account]],
  AccountPhones: [[account, ofAccount(getphones)]],
  AccountContacts: [[account, ofAccount(getattempts)]],
  AccountNotes: [[account, ofAccount(getnotes)]],
  AccountOrders: [[account], [orders], [oneOrder, borrowers, collaterals], [phonesOf('1'), phonesOf('2')]],
  AccountPayments: [payments],
  UnknownCharges: [],
  AddNote: [
    [
      planned(InsertNoteline, ({ fileNumber }) => ({
        params: {},
        body: { filenumber: fileNumber, collectorname: 'agent', logmessage: 'Spoke to the debtor.' },
      })),
    ],
    [ofAccount(getnotes)],
  ],
  RecordAttempt: [
    [
      planned(insertattempt, ({ fileNumber }) => ({
        params: {},
        body: {
          phonenumber: '217-555-0100',
          dispo: 'NO ANSWER',
          agent: 'agent',
          type: 'MANUAL',
          filenumber: fileNumber,
        },
      })),
    ],
    [ofAccount(getattempts)],
  ],
  RunPayment: [
    [
      planned(run_payment_external, ({ fileNumber }) => ({
        params: {},
        body: { filenumber: fileNumber, paymentdate: '2026-01-05', paymentamount: '25.00' },
      })),
    ],
    payments,
  ],
  OrderDetails: [
    [orders, borrowers, collaterals],
    [oneOrder, phonesOf('1'), phonesOf('2')],
  ],
} as const satisfies Readonly<Record<string, readonly Round[]>>;

export type DeskOperation = keyof typeof deskOperations;

/** The operations that the page of an account sends at once. */
export const accountPage: readonly DeskOperation[] = [
  'AccountOverview',
  'AccountPhones',
  'AccountContacts',
  'AccountNotes',
  'AccountOrders',
  'AccountPayments',
  'UnknownCharges',
];

const nth = (call: PlannedCall, index: number): PlannedCall => ({
  endpoint: call.endpoint,
  input: ({ fileNumber, orderId }) => call.input({ fileNumber: `${fileNumber}${index}`, orderId }),
});

/** A supervisor's list: the accounts of a phone number, 50 of them, with the phones and payments of each. */
export const listOf50: readonly Round[] = [
  [search],
  Array.from({ length: 50 }, (_, index) => [
    nth(ofAccount(getphones), index),
    nth(ofAccount(getpayments), index),
  ]).flat(),
];

export const roundsOf = (name: DeskOperation | 'List'): readonly Round[] =>
  name === 'List' ? listOf50 : deskOperations[name];
