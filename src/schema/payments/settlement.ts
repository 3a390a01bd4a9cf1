import type { Row } from '../../upstreams/endpoint/row.ts';
import { settlementColumns } from '../../upstreams/scollect/accounts.ts';
import { builder } from '../kit/builder.ts';
import { columnFields } from '../kit/column-fields.ts';

export const SettlementType = builder.objectRef<{ readonly row: Row }>('Settlement').implement({
  description:
    'Settlement offer and minimum payments of an account, in US dollars (Scollect: getAlaccountdata).',
  fields: (t) => {
    const column = columnFields(t, () => settlementColumns);
    return {
      currentBalance: column.decimal('currentBalance', 'Balance owed now.'),
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
