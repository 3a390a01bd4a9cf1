import { ConnectionHandler, graphql, type RecordSourceProxy } from 'relay-runtime';

export const ordersQuery = graphql`
  query ordersQuery($filter: OrderFilter, $after: String) {
    orders(first: 10, after: $after, filter: $filter)
    @connection(key: "orders_orders", filters: ["filter"]) {
      edges { node { id orderId status } }
    }
  }
`;

/** The stored pages of one filter: the same filter is needed as in the query. */
export const storedOrders = (store: RecordSourceProxy, filter: object) =>
  ConnectionHandler.getConnection(store.getRoot(), 'orders_orders', { filter });
