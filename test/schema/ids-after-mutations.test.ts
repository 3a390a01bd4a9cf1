import { describe, expect, it } from 'vitest';
import { startGateway } from '../support/gateway.ts';
import { mutationOf } from '../support/mutation.ts';
import { startSandboxedRecoveryConnect, startSandboxedScollect } from '../support/sandboxed-upstream.ts';

// A cache updates an object if the result of a mutation has the id that reads return.

const startBoth = async () =>
  startGateway({
    scollect: await startSandboxedScollect(),
    recoveryConnect: await startSandboxedRecoveryConnect(),
  });

const node = 'query ($id: ID!) { node(id: $id) { __typename id } }';

describe('After a mutation', () => {
  it('the note has the id that it has in the log', async () => {
    const { query } = await startBoth();
    const { data } = await query(mutationOf('addNote', 'account { id } note { id body }'), {
      input: { fileNumber: 'r3013', collectorName: 'mall', body: 'Will call.' },
    });
    const { account, note } = data.addNote;
    const read = await query(
      '{ account(fileNumber: "R3013") { id notes(last: 1) { edges { node { id body } } } } }',
    );
    expect(read.data.account.id).toBe(account.id);
    expect(read.data.account.notes.edges[0].node).toEqual(note);
    expect((await query(node, { id: note.id })).data.node).toEqual({ __typename: 'Note', id: note.id });
  });

  it('photos have the ids that they have on their new order', async () => {
    const { query, calls } = await startBoth();
    const input = { orderId: '57076503', toOrderIds: ['57076502', '57062885'] };
    const { data, errors } = await query(
      mutationOf('transferPhotos', 'transfers { orderId photoId photo { id photoId order { id } } }'),
      { input },
    );
    expect(errors).toBeUndefined();
    const { transfers } = data.transferPhotos;
    expect(transfers.length).toBeGreaterThan(2);
    expect(calls().filter((path) => path.endsWith('/photos'))).toHaveLength(2);
    const idsOn = async (orderId: string): Promise<string[]> => {
      const read = await query('query ($orderId: ID!) { order(orderId: $orderId) { photos { id } } }', {
        orderId,
      });
      return read.data.order.photos.map(({ id }: { id: string }) => id);
    };
    for (const { orderId, photoId, photo } of transfers) {
      expect(await idsOn(orderId)).toContain(photo.id);
      expect(photo.photoId).toBe(photoId);
    }
    // Each order has its own copy.
    const all = transfers.map(({ photo }: { photo: { id: string } }) => photo.id);
    expect(new Set([...all, ...(await idsOn('57076503'))]).size).toBeGreaterThan(all.length);
    expect(new Set(all).size).toBe(all.length);
  });

  it('an assignment has its id, and its collateral that of the list of collaterals', async () => {
    const { query } = await startBoth();
    const { data, errors } = await query(
      mutationOf(
        'updateAssignment',
        `assignment { id primaryCollateral {
          id collateralId vin caseId vehicle { id model { id make { id } } properties { id propertyId } }
        } }`,
      ),
      { input: { assignmentId: '57074903', statusNote: 'note' } },
    );
    expect(errors).toBeUndefined();
    const { id, primaryCollateral } = data.updateAssignment.assignment;
    const read = await query(
      `query ($collateral: ID!) {
        assignment(assignmentId: "57074903") { id }
        node(id: $collateral) { __typename id ... on Collateral { collateralId vin } }
      }`,
      { collateral: primaryCollateral.id },
    );
    expect(read.errors).toBeUndefined();
    expect(read.data.assignment.id).toBe(id);
    const { collateralId, vin } = primaryCollateral;
    expect(read.data.node).toEqual({ __typename: 'Collateral', id: primaryCollateral.id, collateralId, vin });
    const { vehicle } = primaryCollateral;
    const within = [vehicle, vehicle.model, vehicle.model.make, ...vehicle.properties].map((one) => one.id);
    expect(new Set(within).size).toBe(within.length);
    for (const other of within) {
      expect((await query(node, { id: other })).errors).toMatchObject([
        { extensions: { code: 'BAD_USER_INPUT' } },
      ]);
    }
  });

  it('an order has the id under which it is read', async () => {
    const { query } = await startBoth();
    const { data, errors } = await query(mutationOf('createOrder', 'order { id orderId }'), {
      input: {
        orderTypeId: '1',
        clientId: '10004',
        lienholderId: '65690',
        collaterals: [{ vin: '1GCEK19B75Z271554' }],
        borrowers: [
          {
            firstName: 'Ann',
            lastName: 'Arbor',
            role: 'borrower',
            addresses: [{ name: 'Home Address', address1: '1 Main St', zipCode: '85123' }],
          },
        ],
      },
    });
    expect(errors).toBeUndefined();
    const { id, orderId } = data.createOrder.order;
    const read = await query('query ($orderId: ID!) { order(orderId: $orderId) { id } }', { orderId });
    expect(read.data.order.id).toBe(id);
  });
});
