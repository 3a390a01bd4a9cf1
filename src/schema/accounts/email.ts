import type { Row } from '../../upstreams/endpoint/row.ts';
import { emailColumns, emailStatsColumns } from '../../upstreams/scollect/messages.ts';
import { builder } from '../kit/builder.ts';
import { columnFields } from '../kit/column-fields.ts';
import { digestOf } from '../kit/connection.ts';

export interface EmailEvent {
  readonly row: Row;
}

export const EmailEventType = builder.objectRef<EmailEvent>('EmailEvent').implement({
  description:
    'Something that happened to an e-mail to a debtor: sent, delivered, opened … (Scollect: getemails).',
  fields: (t) => {
    const column = columnFields(t, () => emailColumns);
    return {
      eventId: column.id('eventId', "Scollect's number for the event."),
      emailId: column.id(
        'emailId',
        'The e-mail that it happened to: all events of one e-mail have the same.',
      ),
      eventType: column.text('eventType', 'What happened, such as `OkToSend`, `Delivery` or `Open`.'),
      occurredAt: column.localDateTime(
        'occurredAt',
        'When it happened; null where `rawOccurredAt` is no date with a time.',
      ),
      rawOccurredAt: column.text('rawOccurredAt', 'The same as Scollect writes it.'),
      subject: column.text('subject', 'The subject of the e-mail.'),
      toAddress: column.text('toAddress', 'The address that it was sent to.'),
      ipAddress: column.text('ipAddress', 'The address in the network that the event was reported from.'),
      userAgent: column.text('userAgent', 'The program that opened it; null for other events.'),
    };
  },
});

/** Tells events apart in cursors. */
export const emailKey = ({ row }: EmailEvent): string => emailColumns.eventId.read(row) ?? digestOf(row);

export const EmailStatsType = builder.objectRef<{ readonly row: Row }>('EmailStats').implement({
  description:
    'What came of the e-mails to a debtor, and the use of the payment portal (Scollect: getemailstats).',
  fields: (t) => {
    const column = columnFields(t, () => emailStatsColumns);
    return {
      sentCount: column.integer('sentCount', 'How many e-mails were sent.'),
      openedCount: column.integer('openedCount', 'How many times one was opened.'),
      linkClickCount: column.integer('linkClickCount', 'How many times a link in one was followed.'),
      lastEmailDate: column.date('lastEmailDate', 'When the last one was sent; null where none was.'),
      lastOpenedDate: column.date('lastOpenedDate', 'When one was last opened; null where none was.'),
      lastClickDate: column.date('lastClickDate', 'When a link was last followed; null where none was.'),
      isRegisteredOnPortal: column.flag(
        'isRegisteredOnPortal',
        'Whether the debtor is registered on the payment portal.',
      ),
      lastPortalLoginDate: column.date(
        'lastPortalLoginDate',
        'When the debtor last logged in to the portal; null where that never was.',
      ),
    };
  },
});
