import { describe, expect, it } from 'vitest';
import { startGateway } from '../support/gateway.ts';

describe('Order.photos', () => {
  it('answers the documented photo in standard terms', async () => {
    const { query, calls } = await startGateway();
    const { data, errors } = await query(`{ order(orderId: "20") { photos {
      photoId orderId name url attachmentTypeId damageLocationTypeId
      type { photoTypeId name kind isAlwaysShown isRequired createdAt updatedAt deletedAt }
    } } }`);
    expect(errors).toBeUndefined();
    expect(data.order.photos).toEqual([
      {
        photoId: '180461378',
        orderId: '20',
        name: 'standard-key',
        url: 'https://photos.example.com/orders/original/10004/download.jpeg?X-Amz-Expires=1800&X-Amz-Signature=example',
        attachmentTypeId: '27',
        damageLocationTypeId: null,
        type: {
          photoTypeId: '27',
          name: 'Key',
          kind: 'photos',
          isAlwaysShown: true,
          isRequired: true,
          createdAt: '2020-01-20T15:12:16',
          updatedAt: '2022-02-16T11:51:49',
          deletedAt: null,
        },
      },
    ]);
    expect(calls()).toEqual(['/api/v140/orders/20/photos', '/api/v150/recon/orders']);
  });
});
