/** What a client needs to know before its first query. Tools show it for the schema as a whole. */
export const description = `One graph over two systems of collection agencies and lenders.

- **Scollect**: collection accounts with phones, notes and payments. An account has a \`fileNumber\`.
- **RecoveryConnect**: repossession orders with borrowers, collaterals and photos. An order has an \`orderId\`.
- **Links**: \`Order.accounts\`, \`Account.orders\` and \`Phone.accounts\` lead from one system to the other.
- **Null or error**: null alone means that nothing is recorded, or that the object does not exist. Null with an entry in \`errors\` means that it could not be read: \`path\` names the field, \`extensions.code\` the cause.
- **Ids**: \`node(id:)\` returns the object of an \`id\`. Clients do not parse ids.
- **Lists** with \`edges\` are read in pages: \`pageInfo.endCursor\` is the \`after\` of the next page.
- **Mutations** return a union of success and errors; select \`... on MutationError { code message }\`.
- **Idempotency keys**: payments and messages are executed at most once per \`idempotencyKey\`. After a lost response, send the same key again.
- **Values**: amounts are decimal texts in US dollars, days are \`YYYY-MM-DD\`, phones are \`+12125550100\`.`;
