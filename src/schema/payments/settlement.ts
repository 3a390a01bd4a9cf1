import type { Row } from '../../upstreams/endpoint/row.ts';
import { settlementColumns } from '../../upstreams/scollect/accounts.ts';
import { builder } from '../kit/builder.ts';
import { columnFields } from '../kit/column-fields.ts';

export const SettlementType = builder.objectRef<{ readonly row: Row }>('Settlement').implement({
  description:
    'What would settle an account in full, and the least payments that are taken, in US dollars (Scollect: getAlaccountdata).',
  fields: (t) => {
    const column = columnFields(t, () => settlementColumns);
    return {
      currentBalance: column.decimal('currentBalance', 'What is owed now.'),
      settlementAmount: column.decimal(
        'settlementAmount',
        'The amount that settles the account in full; zero where no settlement is offered.',
      ),
      settlementPaymentCount: column.integer(
        'settlementPaymentCount',
        'In how many payments it may be paid; zero where no settlement is offered.',
      ),
      minimumPayment: column.decimal('minimumPayment', 'The least payment of a plan.'),
      minimumOneTimePayment: column.decimal('minimumOneTimePayment', 'The least payment by itself.'),
    };
  },
});
