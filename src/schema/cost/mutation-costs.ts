import { accountChanges } from '../accounts/account-changes.ts';
import { checkOfInput } from '../accounts/field-inputs.ts';
import { accountPermissions } from '../accounts/permission-fields.ts';
import { bareAccounts, phonesOf } from './account-things.ts';
import { callsFor, named, severalOf, type Things } from './cost-node.ts';
import { createdOrderRow, writtenPhoneRow } from './documented-rows.ts';
import { type Asked, type FieldCost, type FieldCosts, textsIn } from './field-cost.ts';
import { borrowerOf, ordersTold, phoneOfBorrower } from './order-things.ts';
import { assumedSizes } from './sizes.ts';

type Input = Readonly<Record<string, unknown>>;

const inputOf = ({ args }: Pick<Asked, 'args'>): Input => (args['input'] ?? {}) as Input;

/** What a mutation answers. It forgets what was read before, so that nothing of it is shared with others. */
const resultOf = (asked: Asked, type: string): Things => {
  const input = inputOf(asked);
  const mine = `${asked.responseKey} `;
  const orderId = textsIn(input['orderId']).join();
  const order = named(`${mine}order`, [orderId], { parent: {} });
  const borrower = borrowerOf(order, textsIn(input['borrowerId']).join());
  const account = bareAccounts([`${mine}${textsIn(input['fileNumber']).join()}`]);
  return { ...named(`${mine}result`, [''], { parent: {} }), type, account, order, borrower };
};

/** A mutation that makes so many calls of one operation. */
const writes = (
  field: string,
  operation: string,
  count: (input: Input) => number = () => 1,
): [string, FieldCost] => [
  `Mutation.${field}`,
  {
    calls: (asked) => [{ operation, names: [asked.responseKey], each: count(inputOf(asked)) }],
    gives: (asked) => [resultOf(asked, `${field.slice(0, 1).toUpperCase()}${field.slice(1)}Success`)],
  },
];

/** The calls for the fields that are given; none for an input that will be refused. */
const fieldsIn = (member: string, members: Parameters<typeof checkOfInput>[0]) => {
  const check = checkOfInput(members);
  return (input: Input): number => check.safeParse(input[member]).data?.length ?? 0;
};

const listedIn = (input: Input, name: string): number => textsIn(input[name]).length;

/** The payments of the account are read before the call, and after one whose answer is lost. */
const withEvidence = 3;

const mutations = [
  writes('addAccountPhone', 'insertphone'),
  writes('updateAccountPhone', 'updatephone'),
  writes('addNote', 'InsertNoteline'),
  writes('recordContactAttempt', 'insertattempt'),
  writes('scheduleCallback', 'createCallback'),
  writes('sendEmail', 'send_email_c2c'),
  writes('sendText', 'send_text'),
  writes('runPayment', 'run_payment_external'),
  writes('recordPayment', 'insert_payments_external', () => withEvidence),
  writes('createPaymentPlan', 'insert_payplan_external', () => withEvidence),
  writes('updatePendingPayments', 'update_payment_external'),
  writes('resolveOutcome', 'no call', () => 0),
  writes('updateAccount', 'updatedbase', fieldsIn('changes', accountChanges)),
  writes('updateAccountPermissions', 'updatepermissions', fieldsIn('permissions', accountPermissions)),
  writes('createOrder', 'createOrder'),
  writes('updateAssignment', 'updateAssignment'),
  writes('addBorrowerPhone', 'createBorrowerPhone'),
  writes('updateBorrowerPhone', 'updateBorrowerPhone'),
  writes('deleteBorrowerPhone', 'deleteBorrowerPhone'),
  // One for each photo, or one for all of the order.
  writes('transferPhotos', 'transferPhoto', (input) => Math.max(1, listedIn(input, 'photoIds'))),
];

/** A read of something of the account that was written. */
const ofAccount = (operation: string, gives: (account: Things) => Things[] = () => []): FieldCost => ({
  calls: ({ things: { account } }) => (account ? [callsFor(operation, account)] : []),
  gives: ({ things: { account } }) => (account ? gives(account) : []),
});

/** The account that was written, of which only the number is known. */
const accountWritten: FieldCost = { gives: ({ things: { account } }) => (account ? [account] : []) };

const phoneWritten = ofAccount('getphones', (account) => [phonesOf(account, 1)]);

const borrowerPhoneWritten: FieldCost = {
  gives: ({ things: { borrower } }) =>
    borrower ? [phoneOfBorrower(borrower, 'written', writtenPhoneRow)] : [],
};

const accountMutations = [
  'AddAccountPhone',
  'UpdateAccountPhone',
  'AddNote',
  'RecordContactAttempt',
  'ScheduleCallback',
  'SendEmail',
  'SendText',
  'RunPayment',
  'RecordPayment',
  'CreatePaymentPlan',
  'UpdatePendingPayments',
  'ResolveOutcome',
  'UpdateAccount',
  'UpdateAccountPermissions',
];

const pending = (): Things => {
  const account = bareAccounts(['of an outcome']);
  const outcomes = severalOf(
    named('outcomes', ['all'], { parent: {} }),
    'each',
    assumedSizes.pendingOutcomes,
    {
      parent: {},
    },
  );
  return { ...outcomes, account: several(account, assumedSizes.pendingOutcomes) };
};

const several = ({ full, ...things }: Things, each: number): Things => ({
  ...things,
  each,
  ...(full && { full: { ...full, each } }),
});

export const mutationCosts: FieldCosts = {
  ...Object.fromEntries(mutations),
  ...Object.fromEntries(accountMutations.map((name) => [`${name}Success.account`, accountWritten])),
  'AddAccountPhoneSuccess.phone': phoneWritten,
  'UpdateAccountPhoneSuccess.phone': phoneWritten,
  'AddNoteSuccess.note': ofAccount('getnotes'),
  'RecordContactAttemptSuccess.attempt': ofAccount('getattempts'),
  'AddBorrowerPhoneSuccess.phone': borrowerPhoneWritten,
  'UpdateBorrowerPhoneSuccess.phone': borrowerPhoneWritten,
  'DeleteBorrowerPhoneSuccess.borrower': {
    calls: ({ things: { order } }) => (order ? [callsFor('listOrderBorrowers', order)] : []),
    gives: ({ things: { borrower } }) => (borrower ? [borrower] : []),
  },
  'CreateOrderSuccess.order': {
    gives: ({ things }) => [ordersTold({ ...things, parent: {} }, createdOrderRow)],
  },

  'Query.pendingOutcomes': { gives: () => [pending()] },
  'PendingOutcome.account': accountWritten,
  'PendingOutcome.matchingPayments': ofAccount('getpayments'),
};
