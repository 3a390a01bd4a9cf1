import { describe, expect, it } from 'vitest';
import { scopes } from '../../src/operation/caller.ts';
import { addDays, today } from '../../src/schema/kit/today.ts';
import { corpusFile } from '../support/corpus.ts';
import { startCorpusUpstream } from '../support/corpus-upstream.ts';
import { startGateway } from '../support/gateway.ts';
import { mutationOf } from '../support/mutation.ts';
import { startSandboxedRecoveryConnect } from '../support/sandboxed-upstream.ts';
import type { Answer } from '../support/upstream.ts';
import { invalidData, writeFailures } from '../support/write-failures.ts';

const phone = {
  typeId: '6',
  mobileCarrierId: '1',
  number: '+16789321578',
  extension: '22',
  memo: 'home',
  isValid: true,
  doNotContact: false,
};

const address = {
  name: 'Home Address',
  address1: '10851 Black Canyon',
  address2: 'Highway Suite 500',
  unit: '3',
  city: 'Los Angeles',
  state: 'CA',
  zipCode: '43015',
  latitude: 42.795435,
  longitude: -78.81862,
  dwellingId: '1',
  categoryId: '1',
  phones: [phone],
};

const documented = {
  determinationFlag: false,
  orderTypeId: '1',
  clientId: '65690',
  lienholderId: '65690',
  clientAccountNumber: '2321',
  lienholderAccountNumber: '3321',
  serviceProviderId: '123',
  tierLevel: 1,
  placementLevel: 1,
  collaterals: [
    {
      vin: '3C8FY58B82T389999',
      vehicleTypeId: '1',
      year: '2014',
      make: 'Ford',
      model: 'Fusion',
      bodyType: 'Short Bed',
      driveTrain: 'Front-Wheel Drive',
      engine: '3.7-L V-6 DOHC 24V',
      trim: '4dr 1500 LS',
      fuelType: 'Diesel',
      licensePlate: '139507',
      licenseState: 'OH',
      loanInfo: {
        originalLoanAmount: '900.00',
        paymentAmount: 500,
        pastDueAmount: '200',
        unpaidBalance: '200.0',
        contractDate: '2020-01-01',
        delinquentSince: '2020-01-01',
        chargeOffDate: '2020-01-01',
        collateralValue: '700',
        collateralValueAddedDate: '2020-01-01',
      },
      color: 'string',
    },
  ],
  borrowers: [
    {
      firstName: 'VINAY',
      middleName: 'B',
      lastName: 'TEST',
      dateOfBirth: '1984-01-01',
      role: 'borrower',
      ssn: '123-45-6789',
      isFraud: true,
      bankruptcy: 'chapter_7_active',
      isActiveMilitary: true,
      isDeceased: false,
      phones: [phone],
      addresses: [address],
    },
  ],
  additionalAddresses: [address],
};

const leastAddress = { name: 'Home', address1: '1 Main St', zipCode: '43015-1234' };
const leastBorrower = { firstName: 'Jane', lastName: 'Doe', role: 'co-signer', addresses: [leastAddress] };
const least = {
  orderTypeId: '1',
  clientId: '2',
  lienholderId: '3',
  collaterals: [{ vin: 'wp0aa29898u760244' }],
  borrowers: [leastBorrower],
};

/** The documented body, with a number that can be dialed in place of the documented `123456`. */
const documentedBody: unknown = JSON.parse(
  JSON.stringify(corpusFile('recoveryconnect', 'createOrder').request).replaceAll('"123456"', '"6789321578"'),
);

const mutate = async (input: object, answer?: Answer, success = 'order { orderId }') => {
  const recoveryConnect = await startCorpusUpstream(
    'recoveryconnect',
    answer === undefined ? {} : { createOrder: answer },
  );
  const { query } = await startGateway({ recoveryConnect, scopes });
  const { data, errors } = await query(mutationOf('createOrder', success), { input });
  return { result: data?.createOrder, errors, sent: recoveryConnect.received.slice(1) };
};

/** Writes null for every key of a documented part that its least form leaves out. */
const withNulls = (part: object, form: object): object => ({
  ...Object.fromEntries(Object.keys(part).map((key) => [key, null])),
  ...form,
});

describe('Mutation.createOrder', () => {
  it('sends the documented request, and answers the row that comes back without another call', async () => {
    const { result, errors, sent } = await mutate(
      documented,
      undefined,
      'order { orderId caseNumber status statusId clientAccountNumber lienholderId tierLevel acceptedAt }',
    );
    expect(errors).toBeUndefined();
    expect(result).toEqual({
      __typename: 'CreateOrderSuccess',
      order: {
        orderId: '16664834',
        caseNumber: '60186',
        status: 'Open',
        statusId: '0',
        clientAccountNumber: '2321',
        lienholderId: '65690',
        tierLevel: 1,
        acceptedAt: '2026-03-05T13:59:56',
      },
    });
    expect(sent).toHaveLength(1);
    expect(sent[0]).toMatchObject({ method: 'POST', path: '/api/v150/orders' });
    expect(sent[0]?.body).toEqual(documentedBody);
  });

  const [documentedCollateral] = documented.collaterals;
  const [documentedBorrower] = documented.borrowers;

  it.each([
    ['left out', least],
    [
      'null',
      withNulls(documented, {
        ...least,
        collaterals: [withNulls(documentedCollateral ?? {}, { vin: 'wp0aa29898u760244' })],
        borrowers: [
          withNulls(documentedBorrower ?? {}, {
            ...leastBorrower,
            addresses: [withNulls(address, leastAddress)],
          }),
        ],
      }),
    ],
  ])('sends no key for what is %s', async (_, input) => {
    const { sent } = await mutate(input);
    expect(sent.map(({ body }) => body)).toEqual([
      {
        case_type_id: 1,
        client_id: 2,
        lienholder_id: 3,
        collaterals: [{ identification_number: 'WP0AA29898U760244' }],
        borrowers: [
          {
            firstname: 'Jane',
            lastname: 'Doe',
            type: 'co-signer',
            addresses: [{ name: 'Home', address_1: '1 Main St', zip_code: '43015-1234' }],
          },
        ],
      },
    ]);
  });

  it('accepts additional addresses without a name, incomplete phones, and empty lists', async () => {
    const { name: _, ...nameless } = leastAddress;
    const { sent } = await mutate({
      ...least,
      collaterals: [{ vin: 'WP0AA29898U760244', loanInfo: { paymentAmount: '0.10', unpaidBalance: '0' } }],
      borrowers: [{ ...leastBorrower, phones: [] }],
      additionalAddresses: [{ ...nameless, phones: [{ memo: 'home' }] }],
    });
    expect(sent[0]?.body).toMatchObject({
      collaterals: [{ loan_info: { payment_amount: 0.1, unpaid_balance: 0 } }],
      borrowers: [{ phones: [] }],
    });
    expect(sent[0]?.body).toHaveProperty('additional_addresses', [
      { address_1: '1 Main St', zip_code: '43015-1234', phones: [{ memo: 'home' }] },
    ]);
  });

  const isNumber = 'Expected a number of at most 15 digits.';
  const isAmount = 'Expected an amount that is not below zero, with at most two decimals.';
  const isYear = 'Expected a date from 1900 to 2100.';
  const isDecimal = 'Expected a decimal number as a string, as in "100.00", or an integer.';
  const isState = 'Expected the two letters of a state, as in OH.';
  const upTo = (most: number) => `Expected 1 to ${most} characters, and not only blanks, on one line.`;

  const faultyPhone = { typeId: 'x', number: '123456', extension: ' ' };
  const faultyAddress = {
    name: ' ',
    address1: 'x'.repeat(101),
    state: 'Ohio',
    zipCode: '4301',
    latitude: 90.1,
    longitude: -181,
    phones: [faultyPhone, {}],
  };
  const addressFaults = {
    name: upTo(100),
    address1: upTo(100),
    state: isState,
    zipCode: 'Expected a ZIP code of five or nine digits.',
    latitude: 'Expected degrees from -90 to 90.',
    longitude: 'Expected degrees from -180 to 180.',
    'phones.0.typeId': isNumber,
    'phones.0.number': 'Expected a phone number with its area code, or in E.164, without an extension.',
    'phones.0.extension': upTo(20),
    'phones.1': 'Expected at least one field.',
  };
  const under = (path: string, faults: object): object =>
    Object.fromEntries(Object.entries(faults).map(([key, message]) => [`${path}.${key}`, message]));

  it.each<readonly [string, object, object]>([
    [
      'all faults',
      {
        orderTypeId: 'x',
        clientId: '',
        lienholderId: '1.5',
        clientAccountNumber: 'x'.repeat(51),
        serviceProviderId: '-1',
        tierLevel: -1,
        placementLevel: 1001,
        collaterals: [
          {
            vin: '3C8FY58B82T38999I',
            vehicleTypeId: 'x',
            year: '14',
            make: 'x'.repeat(101),
            licensePlate: 'x'.repeat(21),
            licenseState: '1',
            loanInfo: {
              originalLoanAmount: '-1',
              paymentAmount: '0.001',
              pastDueAmount: 'ten',
              contractDate: '2020-02-30',
              chargeOffDate: '0020-01-01',
            },
          },
        ],
        borrowers: [
          leastBorrower,
          {
            firstName: '',
            lastName: 'x\ny',
            role: ' ',
            dateOfBirth: addDays(today(), 2),
            ssn: '12345678',
            bankruptcy: 'x'.repeat(51),
            phones: [faultyPhone],
            addresses: [faultyAddress],
          },
        ],
        additionalAddresses: [faultyAddress],
      },
      {
        orderTypeId: isNumber,
        clientId: isNumber,
        lienholderId: isNumber,
        clientAccountNumber: upTo(50),
        serviceProviderId: isNumber,
        tierLevel: 'Expected a whole number from 0 to 1000.',
        placementLevel: 'Expected a whole number from 0 to 1000.',
        ...under('collaterals.0', {
          vin: expect.stringMatching(/^Expected a VIN of 17 /),
          vehicleTypeId: isNumber,
          year: 'Expected a year, as in 2014.',
          make: upTo(100),
          licensePlate: upTo(20),
          licenseState: isState,
          'loanInfo.originalLoanAmount': isAmount,
          'loanInfo.paymentAmount': isAmount,
          'loanInfo.pastDueAmount': isDecimal,
          'loanInfo.contractDate': 'Expected a date that exists, as in 2024-02-20.',
          'loanInfo.chargeOffDate': isYear,
        }),
        ...under('borrowers.1', {
          firstName: upTo(50),
          lastName: upTo(50),
          role: upTo(50),
          dateOfBirth: 'Expected a date from 1900 to today.',
          ssn: 'Expected nine digits with or without dashes.',
          bankruptcy: upTo(50),
          'phones.0.typeId': isNumber,
          'phones.0.number': 'Expected a phone number with its area code, or in E.164, without an extension.',
          'phones.0.extension': upTo(20),
          ...under('addresses.0', addressFaults),
        }),
        ...under('additionalAddresses.0', addressFaults),
      },
    ],
    [
      'lists of nothing',
      { ...least, collaterals: [], borrowers: [{ ...leastBorrower, addresses: [] }] },
      { collaterals: 'Expected 1 to 50 of them.', 'borrowers.0.addresses': 'Expected 1 to 20 of them.' },
    ],
    ['nobody who owes', { ...least, borrowers: [] }, { borrowers: 'Expected 1 to 50 of them.' }],
    [
      'lists that are too long',
      {
        ...least,
        collaterals: Array.from({ length: 51 }, () => ({ vin: 'WP0AA29898U760244' })),
        borrowers: [
          leastBorrower,
          {
            ...leastBorrower,
            ssn: '1',
            addresses: Array.from({ length: 21 }, () => leastAddress),
            phones: Array.from({ length: 21 }, () => phone),
          },
        ],
        additionalAddresses: Array.from({ length: 21 }, () => leastAddress),
      },
      {
        collaterals: 'Expected 1 to 50 of them.',
        'borrowers.1.ssn': 'Expected nine digits with or without dashes.',
        'borrowers.1.addresses': 'Expected 1 to 20 of them.',
        'borrowers.1.phones': 'Expected 0 to 20 of them.',
        additionalAddresses: 'Expected 0 to 20 of them.',
      },
    ],
  ])('%s → InvalidInputError; nothing is sent', async (_, input, faults) => {
    const { result, sent } = await mutate(input);
    expect(result).toMatchObject({ __typename: 'InvalidInputError', code: 'BAD_USER_INPUT' });
    const reported = result.fields.map(({ path, message }: Record<string, string>) => [path, message]);
    expect(Object.fromEntries(reported)).toEqual(faults);
    expect(reported).toHaveLength(Object.keys(faults).length);
    expect(JSON.stringify(result)).not.toContain('12345678');
    expect(sent).toEqual([]);
  });

  it.each(writeFailures)('reports %s', async (_, answer, expected) => {
    const { result, errors, sent } = await mutate(least, answer);
    expect(errors).toBeUndefined();
    expect(result).toMatchObject(expected);
    expect(JSON.stringify(result)).not.toMatch(/App|CANARY|example/);
    expect(sent).toHaveLength(1);
  });

  it('names the input fields that RecoveryConnect rejects', async () => {
    const paths = {
      case_type_id: 'orderTypeId',
      assign_service_provider_id: 'serviceProviderId',
      borrowers: 'borrowers',
      'borrowers.0.lastname': 'borrowers.0.lastName',
      'borrowers.0.type': 'borrowers.0.role',
      'borrowers.1.phones.2.type': 'borrowers.1.phones.2.typeId',
      'borrowers.1.addresses.0.address_1': 'borrowers.1.addresses.0.address1',
      'borrowers.1.addresses.0.phones.0.no_contact': 'borrowers.1.addresses.0.phones.0.doNotContact',
      'collaterals.0.identification_number': 'collaterals.0.vin',
      'collaterals.0.loan_info.payment_amount': 'collaterals.0.loanInfo.paymentAmount',
      'collaterals.0.loan_info.chargeoff_date': 'collaterals.0.loanInfo.chargeOffDate',
      'additional_addresses.3.zip_code': 'additionalAddresses.3.zipCode',
      // Of what is no field of the input, the nearest that is.
      'borrowers.0.person.name': 'borrowers.0',
    };
    const errors = Object.fromEntries(Object.keys(paths).map((key) => [key, ['The value is invalid.']]));
    const answer = invalidData({ ...errors, company: ['Unheard of.'], '0': ['Unheard of.'] });
    const { result } = await mutate(least, answer);
    expect(result.__typename).toBe('InvalidInputError');
    expect(result.fields).toHaveLength(Object.keys(paths).length);
    expect(result.fields).toEqual(
      expect.arrayContaining(
        Object.values(paths).map((path) => ({ path, message: 'The value is invalid.' })),
      ),
    );
  });

  it('is null, with an error, where RecoveryConnect is not configured', async () => {
    const { query } = await startGateway({ recoveryConnect: null });
    const { data, errors } = await query(mutationOf('createOrder', 'order { orderId }'), { input: least });
    expect(data).toEqual({ createOrder: null });
    expect(errors).toMatchObject([{ path: ['createOrder'], extensions: { operation: 'createOrder' } }]);
  });

  it('returns the order that a query reads later', async () => {
    const recoveryConnect = await startSandboxedRecoveryConnect();
    const { query } = await startGateway({ recoveryConnect, scopes });
    const order = `orderId clientAccountNumber
      collaterals { vin year make model licensePlate licenseState paymentAmount contractDate chargeOffDate }
      assignments { ownerCompanyId }
      borrowers {
        firstName middleName lastName dateOfBirth role ssn bankruptcy isFraud isActiveMilitary isDeceased
        phones { number typeId extension memo isValid doNotContact mobileCarrierId }
        addresses { name line1 line2 unit city zipCode latitude longitude }
      }`;
    const document = mutationOf('createOrder', `order { ${order} }`);
    const { data, errors } = await query(document, { input: documented });
    expect(errors).toBeUndefined();
    const [{ vin, year, make, model, licensePlate, licenseState, loanInfo } = {}] = documented.collaterals;
    const { name, address1: line1, address2: line2, unit, city, zipCode } = address;
    const readAddress = { name, line1, line2, unit, city, zipCode };
    const readPhones = [phone, phone, phone];
    const { addresses: _____, ...person } = documentedBorrower ?? {};
    expect(data.createOrder.order).toMatchObject({
      orderId: '16664834',
      clientAccountNumber: '2321',
      collaterals: [
        {
          vin,
          year: Number(year),
          make,
          model,
          licensePlate,
          licenseState,
          paymentAmount: String(loanInfo?.paymentAmount),
          contractDate: loanInfo?.contractDate,
          chargeOffDate: loanInfo?.chargeOffDate,
        },
      ],
      assignments: [{ ownerCompanyId: '123' }],
      borrowers: [
        {
          ...person,
          ssn: '123-45-6789',
          phones: readPhones,
          addresses: [
            { ...readAddress, latitude: '42.79543500', longitude: '-78.81862000' },
            { ...readAddress, latitude: '42.79543500', longitude: '-78.81862000' },
          ],
        },
      ],
    });
    const { data: read } = await query(`{ order(orderId: "16664834") { ${order} } }`);
    expect(read.order).toEqual(data.createOrder.order);
  });

  it('is seen by every later selection of the request', async () => {
    const recoveryConnect = await startSandboxedRecoveryConnect();
    const { query } = await startGateway({ recoveryConnect });
    // The documented account that every phone leads to has this number.
    const input = {
      ...least,
      clientAccountNumber: '12345679',
      borrowers: [{ ...leastBorrower, phones: [phone] }],
    };
    const { data, errors } = await query(
      `mutation ($input: CreateOrderInput!) { first: createOrder(input: $input) { ...orders } second: createOrder(input: $input) { ...orders } }
      fragment orders on CreateOrderResult {
        ... on CreateOrderSuccess { order { orderId accounts { account { orders { edges { node { orderId } } } } } } }
      }`,
      { input },
    );
    expect(errors).toBeUndefined();
    const seen = (...orderIds: string[]) => ({
      edges: orderIds.map((orderId) => ({ node: { orderId } })),
    });
    expect(data.first.order.accounts[0].account.orders).toEqual(seen('16664834'));
    expect(data.second.order.accounts[0].account.orders).toEqual(seen('16664834', '16664835'));
  });

  it('lets other orders be read anew: one of them may be the latest no more', async () => {
    let isLatest = 1;
    const rowNow = () => ({ id: 57062885, is_latest_case: isLatest, number_of_runs: isLatest });
    const recoveryConnect = await startCorpusUpstream('recoveryconnect', {
      filterOrders: () => ({ json: { data: [{ id: 57062885, is_latest_case: isLatest }] } }),
      getOrder: () => ({ json: { data: rowNow() } }),
      createOrder: () => {
        isLatest = 0;
        return { json: corpusFile('recoveryconnect', 'createOrder').success };
      },
    });
    const { query } = await startGateway({ recoveryConnect });
    const read = `deleteBorrowerPhone(input: { orderId: "57062885", borrowerId: "124927241", phoneId: "1" }) {
      ... on DeleteBorrowerPhoneSuccess { borrower { order { isLatestCase runCount } } }
    }`;
    const { data } = await query(
      `mutation ($input: CreateOrderInput!) {
        before: ${read} createOrder(input: $input) { __typename } after: ${read}
      }`,
      { input: least },
    );
    expect(data.before).toEqual({ borrower: { order: { isLatestCase: true, runCount: 1 } } });
    expect(data.after).toEqual({ borrower: { order: { isLatestCase: false, runCount: 0 } } });
  });
});
