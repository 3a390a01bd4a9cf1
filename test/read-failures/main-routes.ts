import {
  type GraphQLObjectType,
  getNamedType,
  getNullableType,
  isLeafType,
  isListType,
  isObjectType,
} from 'graphql';
import { schema } from '../../src/schema/schema.ts';
import { fieldsOf, type OperationField } from '../support/operation-fields.ts';
import { readOperations } from '../support/reads.ts';
import { account, emptyPage, ofAccount, ofBorrower, ofOrder, order, page, type Route } from './route.ts';

/** The routes that do not follow from a field of Account or Order. */
const ownRoutes: Route[] = [
  {
    field: 'Query.account',
    operation: 'getaccount',
    document: `{
      account(fileNumber: "R1") { fileNumber status phones { number } notes { totalCount } portfolio { name } }
      other: account(fileNumber: "R2") { status phones { number } }
      portfolios { name } ${order}
    }`,
    paths: [['account']],
    nothing: null,
    at: 'R1',
  },
  {
    field: 'Query.accountsBySsn',
    operation: 'getaccountbysocial',
    document: `{
      accountsBySsn(ssn: "987654321") { fileNumber currentBalance }
      other: accountsBySsn(ssn: "222334444") { fileNumber }
      portfolios { name } ${order}
    }`,
    paths: [['accountsBySsn']],
    nothing: [],
    at: '987-65-4321',
  },
  {
    field: 'Query.accountsByPhone',
    operation: 'searchbyphone',
    document: `{
      accountsByPhone(number: "716-628-9899") { fileNumber borrower { lastName } }
      other: accountsByPhone(number: "716-628-9898") { fileNumber }
      account(fileNumber: "R1") { status } ${order}
    }`,
    paths: [['accountsByPhone']],
    nothing: [],
    at: '9899',
  },
  {
    field: 'Query.portfolios',
    operation: 'getportfoliolist',
    document: `{ portfolios { name client } account(fileNumber: "R1") { status phones { number } } ${order} }`,
    paths: [['portfolios']],
    nothing: [],
    at: '',
  },
  {
    field: 'Portfolio.accounts',
    operation: 'get_accounts_in_portfolio',
    document: `{
      portfolio(name: "C2C PDL TEST") { name client accounts ${page('fileNumber currentBalance')} }
      other: portfolio(name: "C2CLA 12.1.22") { name accounts { totalCount } }
      account(fileNumber: "R1") { status } ${order}
    }`,
    paths: [['portfolio', 'accounts']],
    nothing: emptyPage,
    at: 'C2C PDL TEST',
  },
  // All orders of a request are one call: it fails for each of them.
  {
    field: 'Query.order',
    operation: 'filterOrders',
    document: `{
      order(orderId: "20") { orderId createdAt photos { name } }
      other: order(orderId: "21") { orderId borrowers { fullName } }
      assignment(assignmentId: "30554") { status } orders { totalCount } ${account}
    }`,
    paths: [['order'], ['other']],
    nothing: null,
    at: '"ids"',
  },
  {
    field: 'Query.orders',
    operation: 'filterOrders',
    document: `{
      orders(filter: {vin: "1FT"}) ${page('orderId createdAt')}
      other: orders(filter: {vin: "2FT"}) { totalCount }
      order(orderId: "20") { orderId } ${account}
    }`,
    paths: [['orders']],
    nothing: emptyPage,
    at: '"1FT"',
  },
  // What the row of an order in a list lacks.
  ofOrder('caseNumber', 'getOrder', '', null),
  ofOrder('borrowers', 'listOrderBorrowers', '{ borrowerId fullName phones { number } }', []),
  ofBorrower('phones', 'listBorrowerPhones', '{ phoneId number }', []),
  ofBorrower('addresses', 'listBorrowerAddresses', '{ line1 city }', []),
  ofBorrower('phone(phoneId: "39317581")', 'getBorrowerPhone', '{ number memo }', null),
  // All assignments of a request are one call.
  {
    field: 'Query.assignment',
    operation: 'filterAssignments',
    document: `{
      assignment(assignmentId: "30554") { assignmentId status order { orderId } }
      other: assignment(assignmentId: "30555") { assignmentId }
      order(orderId: "20") { orderId createdAt assignments { assignmentId } } ${account}
    }`,
    paths: [['assignment'], ['other']],
    nothing: null,
    at: '',
  },
];

const typeNamed = (name: string): GraphQLObjectType => {
  const type = schema.getType(name);
  if (!isObjectType(type)) throw new Error(`No object type ${name}`);
  return type;
};

/** The first three leaf fields of a type. */
const someLeaves = (typeName: string): string =>
  Object.values(typeNamed(typeName).getFields())
    .filter(({ type, args }) => isLeafType(getNamedType(type)) && args.length === 0)
    .slice(0, 3)
    .map(({ name }) => name)
    .join(' ');

const isConnection = ({ field }: OperationField): boolean =>
  /Connection$/.test(getNamedType(field.type).name);
const isList = ({ field }: OperationField): boolean => isListType(getNullableType(field.type));

/** A route by a field of Account or Order. */
const routeOf = (operation: string, place: OperationField): Route => {
  const { typeName, field } = place;
  const { name } = getNamedType(field.type);
  const ofParent = typeName === 'Account' ? ofAccount : ofOrder;
  if (isConnection(place)) {
    const node = someLeaves(name.replace(/Connection$/, ''));
    return ofParent(field.name, operation, page(node), emptyPage);
  }
  return ofParent(field.name, operation, `{ ${someLeaves(name)} }`, isList(place) ? [] : null);
};

/** For each other read the list of Account or Order whose description names it, or else the object. */
const derivedRoutes = readOperations
  .filter((operation) => !ownRoutes.some((route) => route.operation === operation))
  .flatMap((operation) => {
    const places = fieldsOf(operation).filter(({ typeName }) => ['Account', 'Order'].includes(typeName));
    const place = places.find((one) => isConnection(one) || isList(one)) ?? places[0];
    return place ? [routeOf(operation, place)] : [];
  });

/** Each read, by the field that it is first of all for. */
export const mainRoutes: readonly Route[] = [...ownRoutes, ...derivedRoutes];
