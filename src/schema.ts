import { builder } from './builder.ts';
import './schema/account-lists.ts';
import './schema/account-queries.ts';
import './schema/account.ts';
import './schema/assignment.ts';
import './schema/borrower.ts';
import './schema/links.ts';
import './schema/note-mutations.ts';
import './schema/order.ts';
import './schema/orders.ts';
import './schema/payment.ts';
import './schema/phone.ts';
import './schema/portfolio.ts';
import './schema/scalars.ts';

export const schema = builder.toSchema({ sortSchema: true });
