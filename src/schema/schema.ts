import { specifiedDirectives } from 'graphql';
import { incrementalDirectives } from '../operation/incremental-directives.ts';
import { builder } from './kit/builder.ts';
import './accounts/account-lists.ts';
import './accounts/account-phone-mutations.ts';
import './accounts/account-queries.ts';
import './accounts/account-subscription.ts';
import './accounts/account-updates.ts';
import './accounts/account.ts';
import './orders/assignment-mutations.ts';
import './orders/assignment.ts';
import './people/address-nodes.ts';
import './people/borrower-phone-mutations.ts';
import './people/borrower-reads.ts';
import './people/borrower.ts';
import './accounts/contact-mutations.ts';
import './orders/create-order.ts';
import './people/links.ts';
import './accounts/message-mutations.ts';
import './accounts/note-mutations.ts';
import './orders/order.ts';
import './orders/orders.ts';
import './orders/order-subscription.ts';
import './payments/payment-mutations.ts';
import './payments/payment.ts';
import './payments/pending-outcomes.ts';
import './payments/pending-payments.ts';
import './people/phone-nodes.ts';
import './orders/photo-mutations.ts';
import './accounts/portfolio.ts';
import { noteRecords } from './kit/record-notes.ts';
import { boundAnswers } from './kit/response-size.ts';
import './payments/run-payment.ts';
import './kit/scalars.ts';
import { description } from './description.ts';

const built = builder.toSchema({
  sortSchema: true,
  directives: [...specifiedDirectives, ...incrementalDirectives],
});
// Pothos has no option for it.
built.description = description;

export const schema = boundAnswers(noteRecords(built));
