import { describe, expect, it } from 'vitest';
import { scopes } from '../../src/operation/caller.ts';
import { corpusFile } from '../support/corpus.ts';
import { startCorpusUpstream } from '../support/corpus-upstream.ts';
import { startGateway } from '../support/gateway.ts';
import type { Received } from '../support/upstream.ts';

const fields = `assignmentId caseNumber status statusId orderType orderTypeId parentOrderId clientId ownerCompanyId lienholderId
  collectorId clientAccountNumber otherReferenceNumber isViolent isLatestCase reopenCount statusChangedAt acceptedAt createdAt
  updatedAt assignmentSituation rootCaseId originCompanyId isLender sourceCode`;

/** Answers every assignment that is asked for but these. */
const assignments = (without: readonly string[] = []) => ({
  filterAssignments: ({ query }: Received) => {
    const ids = (query['ids'] ?? '').split(',').filter((id) => !without.includes(id));
    return { json: { current_page: 1, data: ids.map((id) => ({ id: Number(id), parent_order_id: 20 })) } };
  },
});

describe('Query.assignment', () => {
  it('answers the documented assignment in standard terms', async () => {
    const { query, calls } = await startGateway({ scopes });
    const { data, errors } = await query(
      `{ assignment(assignmentId: "30554") { ${fields} owner { companyId name isGlobal createdAt updatedAt }
        primaryCollateral { collateralId } } }`,
    );
    expect(errors).toBeUndefined();
    expect(data.assignment).toEqual({
      assignmentId: '30554',
      caseNumber: '1031-1',
      status: null,
      statusId: null,
      orderType: 'Involuntary Repossession',
      orderTypeId: '1',
      parentOrderId: '28758',
      clientId: '65690',
      ownerCompanyId: '10002',
      lienholderId: null,
      collectorId: null,
      clientAccountNumber: '56545',
      otherReferenceNumber: null,
      isViolent: false,
      isLatestCase: true,
      reopenCount: 1,
      statusChangedAt: '2026-03-10T14:52:58',
      acceptedAt: null,
      createdAt: '2016-02-26T18:32:33',
      updatedAt: null,
      assignmentSituation: null,
      rootCaseId: null,
      originCompanyId: null,
      isLender: null,
      sourceCode: null,
      owner: {
        companyId: '10002',
        name: 'Limited User Version Demo',
        isGlobal: null,
        createdAt: null,
        updatedAt: null,
      },
      primaryCollateral: null,
    });
    expect(calls()).toEqual(['/api/v150/assignments']);
  });

  it('answers the documented row of an update', async () => {
    const { data: row } = corpusFile('recoveryconnect', 'updateAssignment').success as { data: object };
    const recoveryConnect = await startCorpusUpstream('recoveryconnect', {
      filterAssignments: { json: { data: [row] } },
    });
    const { query } = await startGateway({ recoveryConnect });
    const { data, errors } = await query(
      `{ assignment(assignmentId: "57074903") { ${fields} owner { companyId } } }`,
    );
    expect(errors).toBeUndefined();
    expect(data.assignment).toEqual({
      assignmentId: '57074903',
      caseNumber: '267002',
      status: null,
      // That of its first collateral.
      statusId: '0',
      orderType: null,
      orderTypeId: '5',
      parentOrderId: '57074901',
      clientId: '10004',
      ownerCompanyId: '10001',
      lienholderId: '65690',
      collectorId: '83268',
      clientAccountNumber: null,
      otherReferenceNumber: null,
      isViolent: false,
      isLatestCase: true,
      reopenCount: 1,
      statusChangedAt: '2026-03-10T18:27:04',
      acceptedAt: '2026-03-10T11:48:00',
      createdAt: '2026-03-10T11:27:47',
      updatedAt: '2026-03-10T11:50:11',
      assignmentSituation: '232',
      rootCaseId: '57074903',
      originCompanyId: '10004',
      isLender: false,
      sourceCode: null,
      owner: null,
    });
  });

  it('joins all assignments of a request in one call, and their orders in another', async () => {
    const recoveryConnect = await startCorpusUpstream('recoveryconnect', assignments(['3']));
    const { query, calls } = await startGateway({ recoveryConnect });
    const { data, errors } = await query(`{
      a: assignment(assignmentId: "1") { assignmentId order { caseNumber } }
      b: assignment(assignmentId: 2) { assignmentId order { caseNumber } }
      c: assignment(assignmentId: "3") { assignmentId }
      d: assignment(assignmentId: "001") { assignmentId }
    }`);
    expect(errors).toBeUndefined();
    const order = { caseNumber: '1081-1' };
    expect(data).toEqual({
      a: { assignmentId: '1', order },
      b: { assignmentId: '2', order },
      c: null,
      d: { assignmentId: '1' },
    });
    expect(calls()).toEqual(['/api/v150/assignments', '/api/v150/recon/orders']);
  });

  it('turns an id that is no number away before anything is sent', async () => {
    const { query, calls } = await startGateway();
    const { data, errors } = await query('{ assignment(assignmentId: "1,2") { assignmentId } }');
    expect(data).toEqual({ assignment: null });
    expect(errors).toMatchObject([
      {
        message: 'assignmentId: expected a number of at most 15 digits.',
        extensions: { code: 'BAD_USER_INPUT' },
      },
    ]);
    expect(calls()).toEqual([]);
  });

  it('is found again by its id', async () => {
    const { query } = await startGateway();
    const first = await query('{ assignment(assignmentId: "30554") { id } }');
    const { id } = first.data.assignment;
    const { data, errors } = await query(
      'query ($id: ID!) { node(id: $id) { __typename id ... on Assignment { caseNumber } } }',
      { id },
    );
    expect(errors).toBeUndefined();
    expect(data.node).toEqual({ __typename: 'Assignment', id, caseNumber: '1031-1' });
  });
});

describe('Order.assignments', () => {
  it('answers the documented assignment, with its owner and its order', async () => {
    const recoveryConnect = await startCorpusUpstream('recoveryconnect', {
      filterOrders: { json: { data: [{ id: 57074730, company_orderno: 'case' }] } },
    });
    const { query, calls } = await startGateway({ recoveryConnect });
    const { data, errors } = await query(`{ order(orderId: "57074730") { assignments {
      assignmentId caseNumber clientAccountNumber order { caseNumber } owner { companyId name isGlobal createdAt updatedAt }
    } } }`);
    expect(errors).toBeUndefined();
    expect(data.order.assignments).toEqual([
      {
        assignmentId: '57075006',
        caseNumber: '267014-1',
        clientAccountNumber: null,
        order: { caseNumber: 'case' },
        owner: {
          companyId: '10001',
          name: 'Recovery Office Pro Demo &',
          isGlobal: true,
          createdAt: '2014-06-12T11:07:00',
          updatedAt: '2026-03-10T13:30:13',
        },
      },
    ]);
    expect(calls()).toEqual(['/api/v150/orders/57074730/assignments', '/api/v150/recon/orders']);
  });
});
