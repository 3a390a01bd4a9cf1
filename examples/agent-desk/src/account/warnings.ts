import type { AccountOrdersQuery, OverviewFragment } from '../../generated/graphql.ts';
import { phone } from '../ui/format.ts';

export type AccountOrders = NonNullable<AccountOrdersQuery['account']>;

/** Something to know before anybody is contacted. */
export interface Warning {
  readonly title: string;
  readonly text?: string;
}

const warningsOfAccount = ({
  status,
  work,
  attorney,
  borrower,
  coBorrowers,
}: OverviewFragment): Warning[] => {
  const deceased = [borrower, ...(coBorrowers ?? [])].filter(({ isDeceased }) => isDeceased);
  return [
    ...deceased.map(({ fullName, role }) => ({
      title: `Deceased: ${fullName ?? role ?? 'a person of the account'}`,
    })),
    ...(/bankrupt/i.test(status ?? '') ? [{ title: 'Bankruptcy' }] : []),
    ...(attorney?.name
      ? [
          {
            title: 'Represented by an attorney',
            text: [attorney.name, attorney.phone && phone(attorney.phone)].filter(Boolean).join(', '),
          },
        ]
      : []),
    ...(work.alert ? [{ title: 'Alert', text: work.alert }] : []),
  ];
};

const warningsOfOrders = ({ orders }: AccountOrders): Warning[] =>
  (orders?.edges ?? []).flatMap(({ node: { orderId, isViolent, borrowers } }) =>
    isViolent || borrowers?.some((person) => person.isViolent)
      ? [{ title: `Order ${orderId}: agents are warned of violence` }]
      : [],
  );

/** Lists the warnings of both systems, of what has been read so far. */
export const warningsOf = (
  account: OverviewFragment | undefined,
  orders: AccountOrders | undefined,
): Warning[] => [...(account ? warningsOfAccount(account) : []), ...(orders ? warningsOfOrders(orders) : [])];
