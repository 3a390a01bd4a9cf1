import { useMemo } from 'react';
import { OrderAccountsDocument, OrderDetailsDocument } from '../../generated/graphql.ts';
import { isForbidden } from '../gateway/problems.ts';
import { useRead } from '../gateway/use-panel.ts';
import { HitRow } from '../search/hit-row.tsx';
import { announce } from '../ui/announcer.tsx';
import { MessagePage } from '../ui/message-page.tsx';
import { Problems } from '../ui/notices.tsx';
import { Panel } from '../ui/panel.tsx';
import { orderPanels, panelOf, panelShortcuts } from '../ui/panels.ts';
import { useShortcuts } from '../ui/shortcuts.tsx';
import { OrderCard } from './order-card.tsx';

const orderOf = <Part,>({ order }: { order: Part | null }): Part | null => order;

/** An order by its own number: it can be read while Scollect, and with it every account, is down. */
export const OrderPage = ({ orderId }: { readonly orderId: string }) => {
  const variables = useMemo(() => ({ orderId }), [orderId]);
  const details = useRead(OrderDetailsDocument, variables, orderOf);
  const accounts = useRead(OrderAccountsDocument, variables, orderOf);

  useShortcuts({
    r: () => {
      details.reload();
      accounts.reload();
      announce('Reading everything again.');
    },
    ...panelShortcuts(orderPanels),
  });

  const { state } = details;
  if (state.status === 'absent') {
    return (
      <MessagePage title={`There is no order ${orderId}`}>
        <p>Check the number. It is the one of RecoveryConnect; a case or a loan has another.</p>
      </MessagePage>
    );
  }
  if (state.status === 'failed' && isForbidden(state.problems)) {
    return (
      <MessagePage title="You may not see orders">
        <Problems problems={state.problems} onRetry={undefined} />
      </MessagePage>
    );
  }

  return (
    <main id="main" className="order-page">
      <h1 tabIndex={-1}>Order {orderId}</h1>
      <Panel {...panelOf('order')} panel={details} source="RecoveryConnect">
        {(order) => <OrderCard order={order} />}
      </Panel>
      <Panel
        {...panelOf('accounts')}
        panel={accounts}
        source="Scollect"
        waitsFor="Scollect and RecoveryConnect"
      >
        {({ accounts: links }) =>
          links && (
            <>
              {links.length === 0 && <p className="none">No account shares a phone with this order.</p>}
              <ul className="hits">
                {links.map(({ account, nameMatches }) => (
                  <HitRow
                    key={account.id}
                    hit={account}
                    note={nameMatches === false ? 'Only a phone is the same, no name' : undefined}
                  />
                ))}
              </ul>
            </>
          )
        }
      </Panel>
    </main>
  );
};
