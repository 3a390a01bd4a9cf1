import type { Panel as PanelData } from '../gateway/use-panel.ts';
import { OrderCard } from '../order/order-card.tsx';
import { Panel } from '../ui/panel.tsx';
import { panelOf } from '../ui/panels.ts';
import type { AccountOrders } from './warnings.ts';

/** Whether the orders cannot be found since the account cannot be read. */
const isForWantOfAccount = ({ state }: PanelData<AccountOrders>): boolean =>
  state.status === 'failed' && state.problems.some(({ upstream }) => upstream === 'Scollect');

/** The orders of RecoveryConnect that the gateway links to the account. */
export const OrdersPanel = ({ orders }: { readonly orders: PanelData<AccountOrders> }) => (
  <Panel
    {...panelOf('orders')}
    panel={orders}
    source="RecoveryConnect"
    waitsFor="Scollect and RecoveryConnect"
    lead={
      isForWantOfAccount(orders) && (
        <p className="muted">
          RecoveryConnect alone is enough to open an order by its number: enter <code>#</code> and the number
          in the search.
        </p>
      )
    }
  >
    {({ orders: list }) =>
      list && (
        <>
          {list.edges.length === 0 && <p className="none">No order is linked to this account.</p>}
          {list.edges.map(({ node, nameMatches }) => (
            <OrderCard key={node.id} order={node} isLink nameMatches={nameMatches} />
          ))}
          {list.totalCount > list.edges.length && (
            <p className="muted">{list.totalCount - list.edges.length} further orders.</p>
          )}
        </>
      )
    }
  </Panel>
);
