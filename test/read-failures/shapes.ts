import type { Endpoint } from '../../src/upstreams/endpoint/endpoint.ts';
import { asNumber, asWholeSsn, type ResponseKey } from '../../src/upstreams/endpoint/response-keys.ts';
import { pathOf, setAt } from '../support/own-keys.ts';
import { listShapes } from './any-shapes.ts';
import { endpointOf } from './documented.ts';
import { furtherRoutes } from './further-routes.ts';
import { mainRoutes } from './main-routes.ts';
import { recoveryConnectShapes } from './recoveryconnect-shapes.ts';
import type { Route } from './route.ts';
import { scollectShapesOf } from './scollect-shapes.ts';
import { asJson, badResponse, canary, type Failure, json, type Shape, timeout, withRows } from './shape.ts';

/** RecoveryConnect's null in place of its payload: no record where one was read, and no list where a list was. */
const noData = ({ system, nothing }: Endpoint): Shape[] => {
  if (system !== 'RECOVERY_CONNECT') return [];
  return [
    ['no data', json({ data: null, status: 'success' }), nothing === 'NO_ROWS' ? badResponse : 'nothing'],
  ];
};

/** All shapes that a read may be answered in. */
export const shapesOf = (endpoint: Endpoint): Shape[] => [
  ...noData(endpoint),
  ...(endpoint.system === 'SCOLLECT' ? scollectShapesOf(endpoint.operation) : recoveryConnectShapes),
  ...(endpoint.nothing === 'NO_ROWS' ? listShapes : []),
];

const routes = [...mainRoutes, ...furtherRoutes];

/**
 * The shapes that each route is requested with over HTTP: one for each outcome, and not the same one as other routes where
 * there is a choice. Shapes that are left over are spread over the main routes of their system.
 */
const chooseShapes = (): ReadonlyMap<Route, readonly Shape[]> => {
  const chosen = new Set<string>();
  const isNew = (system: string, [name]: Shape): boolean => !chosen.has(`${system} ${name}`);
  const choose = (system: string, shape: Shape): Shape => {
    chosen.add(`${system} ${shape[0]}`);
    return shape;
  };
  const byRoute = new Map<Route, Shape[]>();
  for (const [index, route] of routes.entries()) {
    const endpoint = endpointOf(route.operation);
    const all = shapesOf(endpoint);
    const outcomes = [...new Set(all.map(([, , outcome]) => outcome))];
    const shapes = outcomes.flatMap((outcome) => {
      const some = all.filter((one) => one[2] === outcome);
      const shape = some.find((one) => isNew(endpoint.system, one)) ?? some[index % some.length];
      return shape ? [choose(endpoint.system, shape)] : [];
    });
    byRoute.set(route, shapes);
  }
  const most = Math.max(...mainRoutes.map(({ operation }) => shapesOf(endpointOf(operation)).length));
  for (let turn = 0; turn < most; turn += 1) {
    for (const route of mainRoutes) {
      const endpoint = endpointOf(route.operation);
      const left = shapesOf(endpoint).find((one) => isNew(endpoint.system, one));
      if (left) byRoute.get(route)?.push(choose(endpoint.system, left));
    }
  }
  return byRoute;
};

/** The shapes that each route is requested with over HTTP. */
export const shapesByRoute = chooseShapes();

/** What takes as long as the gateway waits. */
export const slowShapes: Shape[] = [
  ['silence', 'silence', timeout],
  [
    'an answer that stops within',
    (success) => ({
      html: JSON.stringify(success).slice(0, -9),
      headers: { ...asJson, 'content-length': '999999' },
    }),
    timeout,
  ],
];

const otherKey: Failure = {
  code: 'UPSTREAM_BAD_RESPONSE',
  says: 'returned another key than the requested one',
  retryable: false,
};

/** Keys of other records, as a text, a number and an SSN. */
const foreignKey = ({ read }: ResponseKey): unknown => {
  if (read === asNumber) return 700_000_001;
  return read === asWholeSsn ? '123-45-6789' : canary;
};

/** The requests that name a key which the rows repeat: a search names none, and no card is looked for here. */
export const keysOf = ({ operation, at }: Route): ResponseKey[] => {
  const isSearch = operation === 'filterOrders' && at !== '"ids"';
  const keys = isSearch ? [] : (endpointOf(operation).answersFor ?? []);
  return keys.filter(({ requested }) => requested !== 'last4Card');
};

export const foreignShapes = (route: Route): Shape[] =>
  keysOf(route).flatMap((key): Shape[] => {
    const named = `another key as ${pathOf(key).join('.')}`;
    const foreign = (row: unknown) => setAt(row, pathOf(key), foreignKey(key));
    // One row of a portfolio is given out as soon as it has come, whatever stands behind it.
    const isList = endpointOf(route.operation).nothing === 'NO_ROWS' && mainRoutes.includes(route);
    const among: Shape = [
      `one row among others with ${named}`,
      (success) => json(withRows(success, (rows) => [...rows, foreign(rows[0])])),
      // In a batch each row answers for itself, and here all that was asked for is answered.
      key.isBatch ? 'whole' : otherKey,
    ];
    return [
      [`rows with ${named}`, (success) => json(withRows(success, (rows) => rows.map(foreign))), otherKey],
      ...(isList ? [among] : []),
    ];
  });
