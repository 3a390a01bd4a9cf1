import type { Row } from '../../upstreams/endpoint/row.ts';
import { emailColumns, emailStatsColumns, getemails } from '../../upstreams/scollect/messages.ts';
import { builder } from '../kit/builder.ts';
import { columnFields } from '../kit/column-fields.ts';
import { byNumber, keyOfListed, type Listed, listed } from '../kit/listed.ts';
import { NodeInterface, nodeId, withoutNumber } from '../kit/node.ts';
import { findNodesInList } from '../kit/nodes-in-lists.ts';
import { parentAccount } from './account-things.ts';

export type EmailEvent = Listed;

export const EmailEventType = builder.objectRef<EmailEvent>('EmailEvent').implement({
  description:
    'Something that happened to an e-mail to a debtor: sent, delivered, opened … (Scollect: getemails).',
  interfaces: [NodeInterface],
  fields: (t) => {
    const column = columnFields(t, () => emailColumns);
    return {
      id: nodeId(t, 'EmailEvent', keyOfListed, withoutNumber),
      eventId: column.id('eventId', "Scollect's number for the event."),
      emailId: column.id(
        'emailId',
        'The e-mail that it happened to: all events of one e-mail have the same.',
      ),
      eventType: column.text('eventType', 'Type of the event, such as `OkToSend`, `Delivery` or `Open`.'),
      occurredAt: column.localDateTime(
        'occurredAt',
        'Time of the event; null if `rawOccurredAt` is no date with a time.',
      ),
      rawOccurredAt: column.text('rawOccurredAt', 'The same as Scollect writes it.'),
      subject: column.text('subject', 'The subject of the e-mail.'),
      toAddress: column.text('toAddress', 'The address that it was sent to.'),
      ipAddress: column.text('ipAddress', 'The address in the network that the event was reported from.'),
      userAgent: column.text('userAgent', 'The program that opened it; null for other events.'),
    };
  },
});

/** Returns the events in rows of getemails. */
export const emailEventsIn = (
  rows: readonly Row[],
  { fileNumber }: { readonly fileNumber: string },
): EmailEvent[] => listed(rows, ['S', fileNumber], byNumber(emailColumns.eventId));

findNodesInList('EmailEvent', { ...parentAccount, endpoint: getemails, itemsOf: emailEventsIn });

export const EmailStatsType = builder.objectRef<{ readonly row: Row }>('EmailStats').implement({
  description:
    'Statistics of the e-mails to a debtor, and the use of the payment portal (Scollect: getemailstats).',
  fields: (t) => {
    const column = columnFields(t, () => emailStatsColumns);
    return {
      sentCount: column.integer('sentCount', 'Number of sent e-mails.'),
      openedCount: column.integer('openedCount', 'Number of opened e-mails.'),
      linkClickCount: column.integer('linkClickCount', 'Number of followed links.'),
      lastEmailDate: column.date('lastEmailDate', 'Date of the last e-mail; null if none was sent.'),
      lastOpenedDate: column.date(
        'lastOpenedDate',
        'Date of the last opened e-mail; null if none was opened.',
      ),
      lastClickDate: column.date(
        'lastClickDate',
        'Date of the last followed link; null if none was followed.',
      ),
      isRegisteredOnPortal: column.flag(
        'isRegisteredOnPortal',
        'Whether the debtor is registered on the payment portal.',
      ),
      lastPortalLoginDate: column.date(
        'lastPortalLoginDate',
        'Date of the last login of the debtor to the portal; null if there was none.',
      ),
    };
  },
});
