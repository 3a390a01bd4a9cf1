import type { Path } from '../support/place.ts';

/** A way to a read through the public schema. */
export interface Route {
  /** The field that the read answers. */
  readonly field: string;
  readonly operation: string;
  /** The other fields in it must not be affected: siblings, the same field by another key, the other system. */
  readonly document: string;
  /** Where the field stands in the answer; more than one place where one call answers for all of them. */
  readonly paths: readonly Path[];
  /** What the field is where nothing is found. */
  readonly nothing: unknown;
  /** What becomes of the field where a row is left out, if that makes a difference to it. */
  readonly incomplete?: (whole: object) => object;
  /** Whether it is answered by one row, so that no other is missed. */
  readonly isOneRow?: true;
  /** What distinguishes the requests for the field from those of its neighbours for the same operation. */
  readonly at: string;
}

export const order = 'order(orderId: "20") { orderId createdAt }';
export const account = 'account(fileNumber: "R1") { fileNumber status payments { totalCount } }';

export const page = (node: string) =>
  `{ totalCount edges { node { ${node} } } pageInfo { hasNextPage endCursor } }`;
export const emptyPage = { totalCount: 0, edges: [], pageInfo: { hasNextPage: false, endCursor: null } };

const nameOf = (field: string): string => field.replace(/\(.*/, '');

/** A field of an account, next to the same one of another account. */
export const ofAccount = (field: string, operation: string, selection: string, nothing: unknown): Route => {
  const sibling = operation === 'getpayments' ? 'phones { number }' : 'payments { totalCount }';
  return {
    field: `Account.${field}`,
    operation,
    document: `{
      account(fileNumber: "R1") { fileNumber status ${field} ${selection} ${sibling} }
      other: account(fileNumber: "R2") { ${field} ${selection} }
      ${order}
    }`,
    paths: [['account', field]],
    nothing,
    at: 'R1',
  };
};

/** A field of an order, next to the same one of another order. */
export const ofOrder = (field: string, operation: string, selection: string, nothing: unknown): Route => {
  const sibling = operation === 'listOrderPhotos' ? 'assignments { status }' : 'photos { name }';
  return {
    field: `Order.${nameOf(field)}`,
    operation,
    document: `{
      order(orderId: "20") { orderId createdAt ${field} ${selection} ${sibling} }
      other: order(orderId: "21") { orderId ${field} ${selection} }
      ${account}
    }`,
    paths: [['order', nameOf(field)]],
    nothing,
    at: '/orders/20',
  };
};

/** A field of the first of an order's borrowers, next to the same one of the others. */
export const ofBorrower = (
  field: string,
  operation: string,
  selection: string,
  nothing: unknown,
  below: Path = [],
): Route => {
  const sibling = operation === 'listBorrowerAddresses' ? 'phones { memo }' : 'addresses { city }';
  return {
    field: `Borrower.${nameOf(field)}`,
    operation,
    document: `{
      order(orderId: "20") { orderId borrowers { borrowerId fullName ${field} ${selection} ${sibling} } photos { name } }
      ${account}
    }`,
    paths: [['order', 'borrowers', 0, nameOf(field), ...below]],
    nothing,
    at: '/borrowers/124927241/',
  };
};

/** An object by its id, next to two others. */
export const ofNode = (
  key: string,
  operation: string,
  typeName: string,
  selection: string,
  at: string,
): Route => {
  const ids = [key, 'Account:R2', 'Phone:R:1:2:3'].map((text) => Buffer.from(text).toString('base64url'));
  return {
    field: `Query.nodes (${typeName})`,
    operation,
    document: `{
      nodes(ids: ${JSON.stringify(ids)}) { id ... on ${typeName} { ${selection} } }
      order(orderId: "21") { orderId }
    }`,
    paths: [['nodes', 0]],
    nothing: null,
    at,
  };
};
