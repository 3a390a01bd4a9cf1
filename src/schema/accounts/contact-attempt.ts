import type { Row } from '../../upstreams/endpoint/row.ts';
import { attemptColumns } from '../../upstreams/scollect/attempts.ts';
import { builder } from '../kit/builder.ts';
import { columnFields } from '../kit/column-fields.ts';

export interface ContactAttempt {
  readonly row: Row;
}

const ContactDirectionEnum = builder.enumType('ContactDirection', {
  description: 'Who called whom.',
  values: {
    INBOUND: { description: 'The debtor, or somebody for the debtor, called the agency.' },
    OUTBOUND: { description: 'The agency called.' },
  },
});

/** When an attempt was made, as `yyyy-mm-ddThh:mm:ss`; `null` where day or time is not known. */
export const attemptedAt = ({ row }: ContactAttempt): string | null => {
  const date = attemptColumns.date.read(row);
  const time = attemptColumns.time.read(row);
  return date === null || time === null ? null : `${date}T${time}:00`;
};

/** When an attempt was made, as a text that sorts by time: its day alone if the time is not known. */
export const placeInTime = (row: Row): string | null => {
  const date = attemptColumns.date.read(row);
  return date && `${date}T${attemptColumns.time.read(row) ?? ''}`;
};

export const ContactAttemptType = builder.objectRef<ContactAttempt>('ContactAttempt').implement({
  description:
    'An attempt to talk to a debtor, or of a debtor to talk to the agency (Scollect: getattempts).',
  fields: (t) => {
    const column = columnFields(t, () => attemptColumns);
    return {
      attemptedAt: t.field({
        type: 'LocalDateTime',
        nullable: true,
        description: 'When it was made, to the minute; null if day or time is not known.',
        resolve: attemptedAt,
      }),
      date: column.date('date', 'The day on which it was made; null if `rawDate` is no date.'),
      rawDate: column.text('rawDate', 'The same day as Scollect writes it.'),
      time: column.localTime(
        'time',
        'The time of day at which it was made; null if `rawTime` is no time of day.',
      ),
      rawTime: column.text('rawTime', 'The same time of day as Scollect writes it.'),
      phoneNumber: column.phoneNumber(
        'phoneNumber',
        'The number that was called, or called from; null if what is written cannot be one.',
      ),
      rawPhoneNumber: column.text('rawPhoneNumber', 'The same number as Scollect writes it.'),
      direction: t.field({
        type: ContactDirectionEnum,
        nullable: true,
        description: 'Who called whom; null if that is not recorded.',
        resolve: ({ row }) => attemptColumns.direction.read(row),
      }),
      disposition: column.text(
        'disposition',
        'What came of it, such as `LEFT MESSAGE MACHINE`, in words of the agency.',
      ),
      agent: column.text('agent', 'Who made it.'),
      type: column.text('type', 'How it was made, such as `MANUAL`, in words of the agency.'),
      isSecond: column.flag(
        'isSecond',
        'Whether Scollect marks it as a second one (`wassecond`, which it does not explain).',
      ),
    };
  },
});
