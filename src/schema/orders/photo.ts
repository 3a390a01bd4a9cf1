import type { Context } from '../../request/context.ts';
import type { Row } from '../../upstreams/endpoint/row.ts';
import type { Part } from '../../upstreams/recoveryconnect/nested.ts';
import { photoColumns, photoTypeColumns } from '../../upstreams/recoveryconnect/photos.ts';
import { builder } from '../kit/builder.ts';
import { columnFields } from '../kit/column-fields.ts';

/** A photo by its number, with its row of `listOrderPhotos` and the order that it is on. */
export interface Photo {
  readonly photoId: string;
  readonly orderId: string;
  readonly row: Row;
}

const PhotoTypeType = builder.objectRef<{ readonly row: Part }>('PhotoKind').implement({
  description: 'What a photo shows, as RecoveryConnect sorts them. What is not recorded is null.',
  fields: (t) => {
    const column = columnFields(t, () => photoTypeColumns);
    return {
      photoTypeId: t.id({
        description: "RecoveryConnect's number for the type.",
        resolve: ({ row }) => String(row.id),
      }),
      name: column.text('name', 'What it shows, such as `Key`.'),
      kind: column.text('kind', 'The kind of attachment that the type is one of: `photos`.'),
      isAlwaysShown: column.flag('isAlwaysShown', 'Whether a place for it is shown where there is no photo.'),
      isRequired: column.flag('isRequired', 'Whether an order needs a photo of this type.'),
      createdAt: column.localDateTime('createdAt', 'When the type was made.'),
      updatedAt: column.localDateTime('updatedAt', 'When the type was last changed.'),
      deletedAt: column.localDateTime('deletedAt', 'When the type was deleted; null while it stands.'),
    };
  },
});

export const PhotoType = builder.objectRef<Photo>('Photo').implement({
  description: 'A photo on an order (RecoveryConnect: listOrderPhotos). What is not recorded is null.',
  fields: (t) => {
    const column = columnFields(t, () => photoColumns);
    return {
      photoId: t.exposeID('photoId', { description: "RecoveryConnect's number for the photo." }),
      orderId: t.exposeID('orderId', { description: 'The order that it is on.' }),
      name: column.text('name', 'Its name, such as `standard-key`.'),
      type: t.field({
        type: PhotoTypeType,
        nullable: true,
        description: 'What it shows; null where it is of no type.',
        resolve: ({ row }) => {
          const type = photoColumns.type.read(row);
          return type && { row: type };
        },
      }),
      attachmentTypeId: column.id(
        'attachmentTypeId',
        "RecoveryConnect's number for the type of attachment that it is.",
      ),
      damageLocationTypeId: column.id(
        'damageLocationTypeId',
        'Where on the vehicle the damage is that it shows; null where it shows none.',
      ),
      url: column.text(
        'url',
        'Where the picture can be had. The address is signed: whoever has it can see the picture until it expires, soon after this answer. It is a secret, not to be stored, logged or handed on.',
      ),
    };
  },
});

/** The photos on an order (RecoveryConnect: listOrderPhotos). */
export const photosOfOrder = async (orderId: string, { loaders }: Context): Promise<Photo[]> => {
  const rows = await loaders.photosOfOrder.load(orderId);
  return rows.map((row) => ({
    photoId: String(row.id),
    orderId: photoColumns.orderId.read(row) ?? orderId,
    row,
  }));
};
