import { oneOf, type Things } from '../../operation/cost/things.ts';
import type { ReplyOf } from '../../upstreams/endpoint/endpoint.ts';
import type { Part } from '../../upstreams/recoveryconnect/nested.ts';
import { listOrderPhotos, photoColumns, photoTypeColumns } from '../../upstreams/recoveryconnect/photos.ts';
import { canonicalId } from '../../values/numeric-id.ts';
import { builder } from '../kit/builder.ts';
import { columnFields } from '../kit/column-fields.ts';
import { byId, keyOfListed, type Listed, listed } from '../kit/listed.ts';
import { cacheId, NodeInterface, nodeId } from '../kit/node.ts';
import { findNodesInList } from '../kit/nodes-in-lists.ts';
import { parentOrder } from './order-things.ts';

/** A photo by its number, with its row of `listOrderPhotos` and the order that it is on. */
export interface Photo extends Listed {
  readonly photoId: string;
  readonly orderId: string;
}

const PhotoTypeType = builder.objectRef<{ readonly row: Part }>('PhotoKind').implement({
  description: 'Type of photo in RecoveryConnect. A field is null if no value is recorded.',
  fields: (t) => {
    const column = columnFields(t, () => photoTypeColumns);
    return {
      id: cacheId(t, 'PhotoKind', ({ row }) => [canonicalId(row.id)]),
      photoTypeId: t.id({
        description: "RecoveryConnect's number for the type.",
        resolve: ({ row }) => String(row.id),
      }),
      name: column.text('name', 'Name of the type, such as `Key`.'),
      kind: column.text('kind', 'Kind of attachment of the type: `photos`.'),
      isAlwaysShown: column.flag('isAlwaysShown', 'Whether a placeholder is shown if there is no photo.'),
      isRequired: column.flag('isRequired', 'Whether an order needs a photo of this type.'),
      createdAt: column.localDateTime('createdAt', 'When the type was created.'),
      updatedAt: column.localDateTime('updatedAt', 'When the type was last changed.'),
      deletedAt: column.localDateTime('deletedAt', 'When the type was deleted. Null if it was not deleted.'),
    };
  },
});

export const PhotoType = builder.objectRef<Photo>('Photo').implement({
  description:
    'A photo on an order (RecoveryConnect: listOrderPhotos). A field is null if no value is recorded.',
  interfaces: [NodeInterface],
  fields: (t) => {
    const column = columnFields(t, () => photoColumns);
    return {
      id: nodeId(t, 'Photo', keyOfListed, ' A transferred photo has a different one on each order.'),
      photoId: t.exposeID('photoId', { description: "RecoveryConnect's number for the photo." }),
      orderId: t.exposeID('orderId', { description: 'The order of the photo.' }),
      name: column.text('name', 'Name of the photo, such as `standard-key`.'),
      type: t.field({
        type: PhotoTypeType,
        nullable: true,
        description: 'Type of the photo. Null if it has none.',
        resolve: ({ row }) => {
          const type = photoColumns.type.read(row);
          return type && { row: type };
        },
      }),
      attachmentTypeId: column.id('attachmentTypeId', "RecoveryConnect's number for the type of attachment."),
      damageLocationTypeId: column.id(
        'damageLocationTypeId',
        "RecoveryConnect's number for the location of the damage on the vehicle. Null if the photo shows no damage.",
      ),
      url: column.text(
        'url',
        'Signed URL of the image. Anyone with the URL can view the image until the URL expires, soon after this response. Treat it as a secret: do not store, log or forward it.',
      ),
    };
  },
});

/** Returns the photos in rows of listOrderPhotos, each with its order. */
export const photosIn = (
  rows: ReplyOf<typeof listOrderPhotos>,
  { orderId }: { readonly orderId: string },
): Photo[] =>
  listed(rows, ['R', orderId], byId).map((photo) => ({
    ...photo,
    photoId: canonicalId(photo.row['id']),
    orderId: photoColumns.orderId.read(photo.row) ?? orderId,
  }));

/** The photos of each order in the estimate of a cost. */
export const photosOf = (order: Things): Things => oneOf(order, 'photos', { parent: {}, related: { order } });

findNodesInList('Photo', {
  ...parentOrder,
  endpoint: listOrderPhotos,
  itemsOf: photosIn,
  gives: photosOf,
});
