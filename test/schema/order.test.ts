import { describe, expect, it } from 'vitest';
import { scopes } from '../../src/operation/caller.ts';
import { corpusFile, corpusOf } from '../support/corpus.ts';
import { startCorpusUpstream } from '../support/corpus-upstream.ts';
import { startGateway } from '../support/gateway.ts';
import { forRequest } from '../support/own-keys.ts';
import { type Answer, type Received, startUpstream } from '../support/upstream.ts';

/** Answers every order that is asked for, in another order than it was asked for. */
const orders = (without: readonly string[] = []) => ({
  filterOrders: ({ query }: Received) => {
    const ids = (query['ids'] ?? '').split(',').filter((id) => !without.includes(id));
    return { json: { data: ids.reverse().map((id) => ({ id: Number(id), company_orderno: `case ${id}` })) } };
  },
});

/** Fields that are known of an order of `createOrder` alone. */
const fieldsOfCreated = `priorOrderTypeId mainParentOrderId rootCaseId originCompanyId managingCompanyId companyAddress
  companyAddressId collectorId associationId assignmentManager determinationId sourceFile note reason assignmentSituation
  recoverySituation isLender isSkip isFlaggedForDeletion isFromTransparencySet transparencySetByClientId expirationDate deletedAt`;

describe('Query.order', () => {
  it('answers the documented order in standard terms', async () => {
    const { query } = await startGateway({ scopes });
    const { data, errors } = await query(`{ order(orderId: "20") {
      orderId caseNumber status statusId orderType orderTypeId parentOrderId clientId ownerCompanyId lienholderId clientAccountNumber
      lienholderAccountNumber otherReferenceNumber isViolent isLatestCase reopenCount statusChangedAt acceptedAt createdAt updatedAt
    } }`);
    expect(errors).toBeUndefined();
    expect(data.order).toEqual({
      orderId: '20',
      caseNumber: '1081-1',
      status: null,
      statusId: null,
      orderType: 'Condition Report',
      orderTypeId: '2',
      parentOrderId: '2009347',
      clientId: '26930',
      ownerCompanyId: null,
      lienholderId: null,
      clientAccountNumber: '3700956',
      lienholderAccountNumber: null,
      otherReferenceNumber: '10230481',
      isViolent: false,
      isLatestCase: true,
      reopenCount: 1,
      statusChangedAt: '2023-12-06T15:27:49',
      acceptedAt: '2016-06-03T14:19:00',
      createdAt: '2014-10-29T18:46:48',
      updatedAt: null,
    });
  });

  it('answers what else its documented row holds, without a call of its own', async () => {
    const { query, calls } = await startGateway();
    const { data, errors } = await query(`{ order(orderId: "20") {
      sourceCode hasMbsiSource agreementType tierLevel placementLevel runCount
      clientOffice { addressId name line1 line2 city }
      specialInstructions { instructionId content collateralStatusId isShownToServiceProvider lienholderId createdForCompanyId
        createdByCompanyId createdById createdAt updatedAt deletedAt }
    } }`);
    expect(errors).toBeUndefined();
    expect(data.order).toEqual({
      sourceCode: '172724',
      hasMbsiSource: null,
      agreementType: null,
      tierLevel: null,
      placementLevel: null,
      runCount: 0,
      clientOffice: {
        addressId: '1984',
        name: 'address name',
        line1: 'test address',
        line2: 'SM Test',
        city: null,
      },
      specialInstructions: [
        {
          instructionId: '1984',
          content: 'Test PAR',
          collateralStatusId: '9',
          isShownToServiceProvider: true,
          lienholderId: '65690',
          createdForCompanyId: '65690',
          createdByCompanyId: '70883',
          createdById: '212188',
          createdAt: '2020-11-02T08:52:21',
          updatedAt: '2020-11-02T08:52:21',
          deletedAt: '2020-11-02T08:52:21',
        },
      ],
    });
    expect(calls()).toEqual(['/api/v150/recon/orders']);
  });

  it('joins all orders of a request in one call, each in its place, null where there is none', async () => {
    const recoveryConnect = await startCorpusUpstream('recoveryconnect', orders(['3']));
    const { query, calls } = await startGateway({ recoveryConnect });
    const reply = await query(`{
      a: order(orderId: "1") { orderId caseNumber }
      b: order(orderId: 2) { orderId caseNumber }
      c: order(orderId: "3") { orderId caseNumber }
      d: order(orderId: "001") { orderId caseNumber }
    }`);
    const first = { orderId: '1', caseNumber: 'case 1' };
    expect(reply).toEqual({
      status: 200,
      data: { a: first, b: { orderId: '2', caseNumber: 'case 2' }, c: null, d: first },
    });
    expect(calls()).toEqual(['/api/v150/recon/orders']);
    expect(recoveryConnect.received.at(-1)?.query).toEqual({ ids: '1,2,3', per_page: '250' });
  });

  it('is looked for on further pages before it counts as not there', async () => {
    const recoveryConnect = await startCorpusUpstream('recoveryconnect', {
      // An upstream that pages as it likes: one order a page, of the two that there are.
      filterOrders: ({ query }) => {
        const page = Number(query['page'] ?? 1);
        const data = [{ id: 1 }, { id: 3 }].slice(page - 1, page);
        return { json: { data, meta: { current_page: page, last_page: 2, per_page: '1' } } };
      },
    });
    const { query, calls } = await startGateway({ recoveryConnect });
    const reply = await query(`{
      one: order(orderId: 1) { orderId } three: order(orderId: 3) { orderId } four: order(orderId: 4) { orderId }
    }`);
    expect(reply.data).toEqual({ one: { orderId: '1' }, three: { orderId: '3' }, four: null });
    expect(calls()).toHaveLength(2);
  });

  it('reads an order once for all forms of its id', async () => {
    const { query, calls } = await startGateway();
    const { data, errors } = await query(
      '{ a: order(orderId: "20") { orderId } b: order(orderId: " 020") { orderId } }',
    );
    expect({ data, errors }).toEqual({ data: { a: { orderId: '20' }, b: { orderId: '20' } } });
    expect(calls()).toHaveLength(1);
  });

  it('is asked for in as many calls as pages are needed', async () => {
    const recoveryConnect = await startCorpusUpstream('recoveryconnect', orders());
    // More of them than a page holds are more than the defaults allow.
    const operationLimits = { maxTokens: 10_000, maxAliases: 300, maxRootFields: 300 };
    const { query, calls } = await startGateway({ recoveryConnect, operationLimits });
    const fields = Array.from({ length: 251 }, (_, at) => `o${at}: order(orderId: "${at + 1}") { orderId }`);
    const { data } = await query(`{ ${fields.join('\n')} }`);
    expect(data.o250).toEqual({ orderId: '251' });
    expect(calls()).toHaveLength(2);
  });

  it.each(['', 'x', '1,2', '-1', '1.5', '1&ids=2', '1'.repeat(16)])(
    'turns the id %j away before anything is sent, and answers its neighbour',
    async (orderId) => {
      const recoveryConnect = await startCorpusUpstream('recoveryconnect', orders());
      const { query } = await startGateway({ recoveryConnect });
      const { data, errors } = await query(
        'query ($id: ID!) { bad: order(orderId: $id) { orderId } good: order(orderId: "7") { orderId } }',
        { id: orderId },
      );
      expect(data).toEqual({ bad: null, good: { orderId: '7' } });
      expect(errors).toMatchObject([
        {
          message: 'orderId: expected a number of at most 15 digits.',
          path: ['bad'],
          extensions: { code: 'BAD_USER_INPUT' },
        },
      ]);
      expect(recoveryConnect.received.at(-1)?.query['ids']).toBe('7');
    },
  );
});

describe('A field that the row of an order lacks', () => {
  const created = { filterOrders: { json: { data: [{ id: 16664834, client_id: 65690 }] } } };

  it('is read from the order by itself: one call, and only where such a field is selected', async () => {
    const getOrder = { json: corpusFile('recoveryconnect', 'createOrder').success };
    const recoveryConnect = await startCorpusUpstream('recoveryconnect', { ...created, getOrder });
    const { query, calls } = await startGateway({ recoveryConnect, scopes });
    await query('{ order(orderId: "16664834") { id orderId clientId } }');
    expect(calls()).toEqual(['/api/v150/recon/orders']);

    const { data, errors } = await query(`{
      order(orderId: "16664834") { clientId ownerCompanyId lienholderId status statusId orderType orderTypeId caseNumber
        lienholderAccountNumber tierLevel placementLevel statusChangedAt updatedAt ${fieldsOfCreated} }
      again: order(orderId: "16664834") { status runCount specialInstructions { content } clientOffice { line1 } }
    }`);
    expect(errors).toBeUndefined();
    expect(data.order).toEqual({
      clientId: '65690',
      ownerCompanyId: '10004',
      lienholderId: '65690',
      status: 'Open',
      statusId: '0',
      orderType: null,
      orderTypeId: '1',
      caseNumber: '60186',
      lienholderAccountNumber: '2321',
      tierLevel: 1,
      placementLevel: 1,
      statusChangedAt: '2026-03-05T13:59:56',
      updatedAt: '2026-03-05T13:59:59',
      priorOrderTypeId: null,
      mainParentOrderId: null,
      rootCaseId: '16664834',
      originCompanyId: '10004',
      managingCompanyId: null,
      companyAddress: null,
      companyAddressId: null,
      collectorId: null,
      associationId: null,
      assignmentManager: null,
      determinationId: null,
      sourceFile: null,
      note: null,
      reason: null,
      assignmentSituation: null,
      recoverySituation: null,
      isLender: false,
      isSkip: null,
      isFlaggedForDeletion: false,
      isFromTransparencySet: false,
      transparencySetByClientId: null,
      expirationDate: null,
      deletedAt: null,
    });
    expect(data.again).toEqual({
      status: 'Open',
      runCount: null,
      specialInstructions: null,
      clientOffice: null,
    });
    expect(calls()).toEqual([
      '/api/v150/orders/16664834',
      '/api/v150/recon/orders',
      '/api/v150/recon/orders',
    ]);
  });

  it.each([
    ['null where there is no such order', 404, 'No query results for model [App\\Order] 16664834', undefined],
    ['an error where that fails', 500, 'Server Error', ['UPSTREAM_UNAVAILABLE']],
  ])('is %s', async (_, status, message, codes) => {
    const getOrder = { status, json: { message } };
    const recoveryConnect = await startCorpusUpstream('recoveryconnect', { ...created, getOrder });
    const { query } = await startGateway({ recoveryConnect });
    const { data, errors } = await query('{ order(orderId: "16664834") { clientId status } }');
    expect(data).toEqual({ order: { clientId: '65690', status: null } });
    expect(errors?.map(({ extensions }) => extensions?.['code'])).toEqual(codes);
  });

  it('knows the row of a new order whole where the list gives it', async () => {
    const row = (corpusFile('recoveryconnect', 'createOrder').success as { data: object }).data;
    const recoveryConnect = await startCorpusUpstream('recoveryconnect', {
      filterOrders: { json: { data: [{ ...row, debtor_skipped: 1, expiration: '2026-04-01 00:00:00' }] } },
    });
    const { query, calls } = await startGateway({ recoveryConnect });
    const { data } = await query(
      `{ order(orderId: "16664834") { status ownerCompanyId ${fieldsOfCreated} } }`,
    );
    expect(data.order).toMatchObject({
      status: 'Open',
      ownerCompanyId: '10004',
      isSkip: true,
      expirationDate: '2026-04-01',
    });
    expect(calls()).toEqual(['/api/v150/recon/orders']);
  });
});

describe('The lists of an order', () => {
  const corpus = corpusOf('recoveryconnect');
  const lists = ['assignments', 'borrowers', 'collaterals', 'photos'] as const;
  const document = `query ($id: ID!) { order(orderId: $id) {
    orderId borrowers { borrowerId } borrower(borrowerId: "124941995") { borrowerId }
    ...Things
  } } fragment Things on Order { collaterals { collateralId } assignments { assignmentId } photos { photoId } }`;

  /** Answers for the order itself only when all of its lists have been asked for. */
  const holdingTheOrder = async (order: Answer, list?: Answer) => {
    const asked = new Set<string>();
    let release = (): void => {};
    const allAsked = new Promise<void>((resolve) => {
      release = resolve;
    });
    return startUpstream(async (request) => {
      const { path } = request;
      if (path === '/api/v150/recon/orders') {
        await allAsked;
        return order;
      }
      asked.add(path);
      if (lists.every((list) => [...asked].some((one) => one.endsWith(`/${list}`)))) release();
      const file = corpus.find((one) => one.path.replace(/\{\w+\}/, '57062885') === path);
      const success = file && forRequest(file.operation, request, file.success);
      return (file?.path.includes('{') && list) || { json: success };
    });
  };

  it('are requested in parallel with the order: one round trip', async () => {
    const recoveryConnect = await holdingTheOrder({ json: { data: [{ id: 57062885 }] } });
    const { query, calls } = await startGateway({ recoveryConnect });
    const { data, errors } = await query(document, { id: '57062885' });
    expect(errors).toBeUndefined();
    expect(data.order).toEqual({
      orderId: '57062885',
      borrowers: [{ borrowerId: '124927241' }, { borrowerId: '124941995' }],
      borrower: { borrowerId: '124941995' },
      collaterals: [{ collateralId: '58842868' }],
      assignments: [{ assignmentId: '57075006' }],
      photos: [{ photoId: '180461378' }],
    });
    expect(calls()).toHaveLength(5);
  });

  const failing = { status: 500, json: { message: 'Server Error' } };
  it.each([
    ['absent', { json: { data: [] } }, undefined],
    ['not to be had', failing, [{ path: ['order'], extensions: { operation: 'filterOrders' } }]],
  ] as const)('are dropped if the order is %s', async (_, order, expected) => {
    const recoveryConnect = await holdingTheOrder(order, failing);
    const { query, calls } = await startGateway({ recoveryConnect });
    const { data, errors } = await query(document, { id: '57062885' });
    expect(data).toEqual({ order: null });
    if (expected) expect(errors).toMatchObject(expected);
    else expect(errors).toBeUndefined();
    expect(calls()).toHaveLength(5);
  });

  it.each([
    ['collaterals', 'listOrderCollaterals'],
    ['assignments', 'listOrderAssignments'],
    ['photos', 'listOrderPhotos'],
  ])('fail alone: %s', async (list, operation) => {
    const recoveryConnect = await startCorpusUpstream('recoveryconnect', {
      ...orders(),
      [operation]: failing,
    });
    const { query } = await startGateway({ recoveryConnect });
    const { data, errors } = await query(document, { id: '57062885' });
    const { [list]: failed, ...others } = data.order;
    expect(failed).toBeNull();
    expect(Object.values(others)).not.toContain(null);
    expect(errors).toMatchObject([
      { path: ['order', list], extensions: { code: 'UPSTREAM_UNAVAILABLE', operation } },
    ]);
  });

  it('are empty where there is nothing', async () => {
    const recoveryConnect = await startCorpusUpstream('recoveryconnect', {
      ...orders(),
      listOrderCollaterals: { json: { data: [] } },
      listOrderAssignments: { json: { data: [] } },
      listOrderPhotos: { json: { data: [] } },
    });
    const { query } = await startGateway({ recoveryConnect });
    const { data, errors } = await query(document, { id: '57062885' });
    expect(errors).toBeUndefined();
    expect(data.order).toMatchObject({ collaterals: [], assignments: [], photos: [] });
  });

  it('with two people and their phones take four calls', async () => {
    const recoveryConnect = await startCorpusUpstream('recoveryconnect', orders());
    const { query, calls } = await startGateway({ recoveryConnect });
    await query('{ order(orderId: "57062885") { caseNumber borrowers { fullName phones { number } } } }');
    expect(calls()).toHaveLength(4);
  });
});

describe('node', () => {
  it('returns an order by its id, with its lists in one round trip', async () => {
    const recoveryConnect = await startCorpusUpstream('recoveryconnect', orders(['9']));
    const { query, calls } = await startGateway({ recoveryConnect });
    const first = await query('{ order(orderId: "57062885") { id } absent: order(orderId: "9") { id } }');
    const { id } = first.data.order;
    const { data, errors } = await query(
      'query ($id: ID!) { node(id: $id) { __typename id ... on Order { caseNumber photos { photoId } } } }',
      { id },
    );
    expect(errors).toBeUndefined();
    expect(data.node).toEqual({
      __typename: 'Order',
      id,
      caseNumber: 'case 57062885',
      photos: [{ photoId: '180461378' }],
    });
    expect(calls()).toHaveLength(3);
  });

  it.each(['Order:x', 'Order:', 'Order', 'Order:1:2', 'Order:1%2F2', 'Assignment:1%2C2'])(
    'turns %s away before anything is sent',
    async (text) => {
      const { query, calls } = await startGateway();
      const id = Buffer.from(text).toString('base64url');
      const { data, errors } = await query('query ($id: ID!) { node(id: $id) { id } }', { id });
      expect(data).toEqual({ node: null });
      expect(errors).toMatchObject([{ path: ['node'], extensions: { code: 'BAD_USER_INPUT' } }]);
      expect(calls()).toEqual([]);
    },
  );
});

describe('Order.borrowers', () => {
  it('answers the documented people', async () => {
    const recoveryConnect = await startCorpusUpstream('recoveryconnect', orders());
    const { query, calls } = await startGateway({ recoveryConnect });
    const { data, errors } = await query(`{ order(orderId: "57062885") { borrowers {
      source borrowerId role firstName middleName lastName fullName ssn ssnLast4 dateOfBirth emailAddress isDeceased isActiveMilitary bankruptcy
      order { orderId } account { fileNumber }
      phones { source phoneId number rawNumber type typeId status isValid doNotContact extension memo mobileCarrierId origin createdAt updatedAt
        account { fileNumber } borrower { borrowerId } }
    } } }`);
    expect(errors).toBeUndefined();
    const [one, two] = data.order.borrowers;
    expect(one).toEqual({
      source: 'RECOVERY_CONNECT',
      borrowerId: '124927241',
      role: 'borrower',
      firstName: 'A_Toney',
      middleName: null,
      lastName: 'Spencer',
      fullName: 'A_Toney Spencer',
      ssn: null,
      ssnLast4: null,
      dateOfBirth: null,
      emailAddress: null,
      isDeceased: false,
      isActiveMilitary: false,
      bankruptcy: null,
      order: { orderId: '57062885' },
      account: null,
      phones: [
        expect.objectContaining({ phoneId: '39317578' }),
        expect.objectContaining({ phoneId: '39317579' }),
      ],
    });
    expect(one.phones[0]).toEqual({
      source: 'RECOVERY_CONNECT',
      phoneId: '39317578',
      number: '+16789321578',
      rawNumber: '678-932-1578',
      type: null,
      typeId: '5',
      status: null,
      isValid: true,
      doNotContact: false,
      extension: null,
      memo: null,
      mobileCarrierId: null,
      origin: null,
      createdAt: '2026-03-07T14:03:51',
      updatedAt: '2026-03-07T14:03:51',
      account: null,
      borrower: { borrowerId: '124927241' },
    });
    expect(two).toMatchObject({ borrowerId: '124941995', fullName: 'test borrower' });
    expect(calls()).toEqual([
      '/api/v140/orders/57062885/borrowers',
      '/api/v140/orders/57062885/borrowers/124927241/phones',
      '/api/v140/orders/57062885/borrowers/124941995/phones',
      '/api/v150/recon/orders',
    ]);
  });
});

describe('Order.borrower', () => {
  const document =
    'query ($id: ID!) { order(orderId: "57062885") { borrower(borrowerId: $id) { fullName } } }';

  it.each([
    ['124941995', { fullName: 'test borrower' }],
    ['1', null],
  ])('%s is %j', async (id, borrower) => {
    const recoveryConnect = await startCorpusUpstream('recoveryconnect', orders());
    const { query } = await startGateway({ recoveryConnect });
    expect(await query(document, { id })).toEqual({ status: 200, data: { order: { borrower } } });
  });

  it('with an id that is no number is rejected', async () => {
    const recoveryConnect = await startCorpusUpstream('recoveryconnect', orders());
    const { query } = await startGateway({ recoveryConnect });
    const { data, errors } = await query(document, { id: 'x/1' });
    expect(data).toEqual({ order: { borrower: null } });
    expect(errors).toMatchObject([
      { message: expect.stringMatching(/^borrowerId: /), path: ['order', 'borrower'] },
    ]);
  });
});
