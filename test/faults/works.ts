import type { OperationName } from '../../src/sandbox/operations.ts';
import type { UpstreamSystem } from '../../src/upstreams/errors.ts';
import { listBorrowerPhones } from '../../src/upstreams/recoveryconnect/phones.ts';
import { getnotes } from '../../src/upstreams/scollect/notes.ts';
import { getpayments } from '../../src/upstreams/scollect/payments.ts';
import type { Upstreams } from '../../src/upstreams/upstreams.ts';
import type { Path } from '../support/place.ts';

/** Something that is read of one system. */
export interface Read {
  readonly kind: 'a read' | 'a batch' | 'a list';
  readonly system: UpstreamSystem;
  /** The operation that is to fail. */
  readonly operation: OperationName;
  readonly selection: string;
  /** What is lost if the operation fails; each by a call of its own, or all by the same. */
  readonly places: readonly Path[];
  readonly isCallEach?: true;
  /** How many calls of the system leave at one moment; by default one. */
  readonly calls?: number;
  /** What stands there if it finds nothing. */
  readonly nothing: unknown;
  /** What is lost, by which operation, if all calls of the system fail; by default the same. */
  readonly whole?: { readonly operation: OperationName; readonly places: readonly Path[] };
}

/** Something that is written to one system; `mark` is a number that no other write has. */
export interface Write {
  readonly kind: 'a write' | 'a keyed write';
  readonly system: UpstreamSystem;
  readonly operation: OperationName;
  readonly field: string;
  readonly inputOf: (mark: number) => object;
  readonly success: string;
  /** The content of a success. */
  readonly successData: (mark: number) => object;
  /** How often it is there. */
  readonly count: (upstreams: Upstreams, mark: number) => Promise<number>;
}

const readAccount: Read = {
  kind: 'a read',
  system: 'SCOLLECT',
  operation: 'getaccount',
  selection: 'account(fileNumber: "R1001") { fileNumber status client borrower { fullName } }',
  places: [['account']],
  nothing: null,
};

const readBorrowers: Read = {
  kind: 'a read',
  system: 'RECOVERY_CONNECT',
  operation: 'listOrderBorrowers',
  selection: 'order(orderId: "57062885") { orderId clientId borrowers { borrowerId fullName } }',
  places: [['order', 'borrowers']],
  calls: 2,
  nothing: [],
  whole: { operation: 'filterOrders', places: [['order']] },
};

/** Enough to make an upstream that fails them all be left alone for a while. */
const batched = ['R1000', 'R1001', 'R1002', 'R1005', 'R1050', 'R1166'];

export const reads: readonly Read[] = [
  readAccount,
  readBorrowers,
  {
    kind: 'a batch',
    system: 'SCOLLECT',
    operation: 'getaccount',
    selection: `accounts(fileNumbers: ${JSON.stringify(batched)}) { fileNumber status borrower { fullName } }`,
    places: batched.map((_, index) => ['accounts', index]),
    isCallEach: true,
    calls: batched.length,
    nothing: null,
  },
  {
    kind: 'a batch',
    system: 'RECOVERY_CONNECT',
    operation: 'filterOrders',
    selection: `one: order(orderId: "57062885") { orderId clientId } two: order(orderId: "57076503") { orderId clientId }
      three: order(orderId: "20") { orderId clientId }`,
    places: [['one'], ['two'], ['three']],
    nothing: null,
  },
  {
    kind: 'a list',
    system: 'SCOLLECT',
    operation: 'get_accounts_in_portfolio',
    selection: `portfolio(name: "C2CLA 12.1.22") { name client accounts(first: 20) {
      totalCount edges { node { fileNumber currentBalance } } } }`,
    places: [['portfolio', 'accounts']],
    nothing: { totalCount: 0, edges: [] },
    whole: { operation: 'getportfoliolist', places: [['portfolio']] },
  },
  {
    kind: 'a list',
    system: 'RECOVERY_CONNECT',
    operation: 'filterOrders',
    selection: 'orders(first: 20) { totalCount edges { node { orderId clientId } } }',
    places: [['orders']],
    nothing: { totalCount: 0, edges: [] },
  },
];

/** What is read of each system at the same time, and is complete while the other one fails. */
export const neighbours: Readonly<Record<UpstreamSystem, string>> = {
  SCOLLECT: 'neighbour: account(fileNumber: "R1166") { fileNumber status client emails { totalCount } }',
  RECOVERY_CONNECT: 'neighbour: order(orderId: "57076502") { orderId clientId borrowers { fullName } }',
};

const [notedAccount, chargedAccount] = ['R1002', 'R1005'] as const;
const phoned = { orderId: '57062885', borrowerId: '124927241' } as const;

const noteOf = (mark: number): string => `Fault number ${mark}.`;
const amountOf = (mark: number): string => `${1000 + mark}.00`;

const addNote: Write = {
  kind: 'a write',
  system: 'SCOLLECT',
  operation: 'InsertNoteline',
  field: 'addNote',
  inputOf: (mark) => ({ fileNumber: notedAccount, collectorName: 'mall', body: noteOf(mark) }),
  success: 'account { fileNumber }',
  successData: () => ({ account: { fileNumber: notedAccount } }),
  count: async ({ SCOLLECT }, mark) => {
    const rows = await SCOLLECT.call(getnotes, { params: { filenumber: notedAccount } });
    return rows.filter(({ logmessage }) => logmessage === noteOf(mark)).length;
  },
};

const addPhone: Write = {
  kind: 'a write',
  system: 'RECOVERY_CONNECT',
  operation: 'createBorrowerPhone',
  field: 'addBorrowerPhone',
  inputOf: (mark) => ({ ...phoned, typeId: '1', number: '716-555-0101', memo: noteOf(mark) }),
  success: 'phone { number }',
  successData: () => ({ phone: { number: '+17165550101' } }),
  count: async ({ RECOVERY_CONNECT }, mark) => {
    const params = { order_id: phoned.orderId, borrower_id: phoned.borrowerId };
    const rows = await RECOVERY_CONNECT.call(listBorrowerPhones, { params });
    return rows.filter(({ memo }) => memo === noteOf(mark)).length;
  },
};

const runPayment: Write = {
  kind: 'a keyed write',
  system: 'SCOLLECT',
  operation: 'run_payment_external',
  field: 'runPayment',
  inputOf: (mark) => ({
    idempotencyKey: `fault-${mark}`,
    fileNumber: chargedAccount,
    amount: amountOf(mark),
    paymentDate: '2030-01-02',
  }),
  success: 'result approvalCode',
  successData: () => ({ result: 'APPROVED' }),
  count: async ({ SCOLLECT }, mark) => {
    const rows = await SCOLLECT.call(getpayments, { params: { filenumber: chargedAccount } });
    return rows.filter(({ paymentamount }) => paymentamount === amountOf(mark)).length;
  },
};

export const writes: readonly Write[] = [addNote, addPhone, runPayment];

/** What is written to each system at the same time. */
export const neighbourWrites: Readonly<Record<UpstreamSystem, Write>> = {
  SCOLLECT: addNote,
  RECOVERY_CONNECT: addPhone,
};

/** What is read where a log-in fails. */
export const plainReads: Readonly<Record<UpstreamSystem, Read>> = {
  SCOLLECT: readAccount,
  RECOVERY_CONNECT: readBorrowers,
};

export const logInOf = { SCOLLECT: 'login', RECOVERY_CONNECT: 'authenticate' } as const;

export const otherThan = (system: UpstreamSystem): UpstreamSystem =>
  system === 'SCOLLECT' ? 'RECOVERY_CONNECT' : 'SCOLLECT';
