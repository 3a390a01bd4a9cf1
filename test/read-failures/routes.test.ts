import { describe, expect, it } from 'vitest';
import { readOperations } from '../support/reads.ts';
import { endpointOf } from './documented.ts';
import { furtherRoutes } from './further-routes.ts';
import { mainRoutes } from './main-routes.ts';
import { recoveryConnectShapes } from './recoveryconnect-shapes.ts';
import type { Route } from './route.ts';
import { documentedFailures, documentedMeaning, scollectShapesOf } from './scollect-shapes.ts';
import { json, type Shape } from './shape.ts';
import { foreignShapes, keysOf, shapesByRoute, shapesOf, slowShapes } from './shapes.ts';
import { askWhole, check, start } from './stand.ts';

// The forms in which an upstream finds nothing or fails, over HTTP, on every read, by each field that reaches it: nothing
// found is never an error, a failure is never taken for nothing found, and neither touches another field. Each field has
// one form for each outcome, and each form is used; `judged-answers.test.ts` has all forms for all reads.

const routes = [...mainRoutes, ...furtherRoutes];

const named = routes.map((route) => [route.field, route.operation, route] as const);

describe.each(named)('%s by %s', (_, __, route) => {
  it('distinguishes nothing found from a failure in every form, and does not affect its neighbours', async () => {
    const started = await start(route);
    const whole = await askWhole(route, started);
    // While a log-in that was in vain is held off, a token that would be good is not asked for.
    const shapes = [...(shapesByRoute.get(route) ?? [])].sort(
      ([, , one], [, , other]) => Number(other === 'whole') - Number(one === 'whole'),
    );
    for (const shape of shapes) await check(route, shape, started, whole);
  }, 30_000);
});

const keyedRoutes = routes.filter((route) => keysOf(route).length > 0);

describe.each(keyedRoutes.map((route) => [route.field, route.operation, route] as const))(
  '%s by %s, answered for another key',
  (_, __, route) => {
    it('fails at its path, shows nothing of it, and keeps nothing of it', async () => {
      const started = await start(route);
      const whole = await askWhole(route, started);
      for (const shape of foreignShapes(route)) {
        await check(route, shape, started, whole);
        expect(await askWhole(route, started), shape[0]).toEqual(whole);
      }
    });
  },
);

describe('a read that is not answered in time', () => {
  it('is an error at its path, and the rest of the response is unaffected', async () => {
    // One of the two shapes for each route.
    const waiting = mainRoutes.flatMap((route, index) =>
      slowShapes.filter((_, at) => (index + at) % 2 === 0).map((shape) => ({ route, shape })),
    );
    // Some at a time, so that the neighbours have time enough.
    const some = async (): Promise<void> => {
      for (let next = waiting.pop(); next; next = waiting.pop()) {
        const { route, shape } = next;
        const started = await start(route, 1500);
        await check(route, shape, started, await askWhole(route, started));
      }
    };
    await Promise.all(Array.from({ length: 25 }, some));
  }, 30_000);
});

describe('what is documented as a failure of a read', () => {
  it.each(documentedFailures)('of $operation has its documented meaning', async ({ operation, body }) => {
    const own = routes.filter((route) => route.operation === operation);
    expect(own, `no route reads ${operation}: see main-routes.ts`).not.toEqual([]);
    for (const route of own) {
      const started = await start(route);
      const shape: Shape = [
        `the documented ${JSON.stringify(body)}`,
        json(body),
        documentedMeaning(body, operation),
      ];
      await check(route, shape, started, await askWhole(route, started));
    }
  });
});

describe('these tables', () => {
  it.each(readOperations)('have a route to %s', (operation) => {
    expect(
      mainRoutes.filter((route) => route.operation === operation),
      `name ${operation} in the description of its field of Account or Order, or add a route to \`ownRoutes\` in main-routes.ts`,
    ).not.toEqual([]);
  });

  it('are as long as they were', () => {
    expect(mainRoutes.length).toBeGreaterThanOrEqual(25);
    expect(furtherRoutes.length).toBeGreaterThanOrEqual(24);
    expect(scollectShapesOf('getaccount').length).toBeGreaterThanOrEqual(118);
    expect(recoveryConnectShapes.length).toBeGreaterThanOrEqual(63);
    expect([...shapesByRoute.values()].flat().length).toBeGreaterThanOrEqual(450);
    expect(documentedFailures.length).toBeGreaterThanOrEqual(12);
    expect(keyedRoutes.length).toBeGreaterThanOrEqual(39);
  });

  it('request each route in a shape for each outcome, and use each shape', () => {
    const named = ({ operation }: Route, [name]: Shape) => `${endpointOf(operation).system} ${name}`;
    const used = new Set(
      [...shapesByRoute].flatMap(([route, shapes]) => shapes.map((one) => named(route, one))),
    );
    for (const route of routes) {
      const all = shapesOf(endpointOf(route.operation));
      const outcomes = (shapes: readonly Shape[] = []) => new Set(shapes.map(([, , outcome]) => outcome));
      expect(outcomes(shapesByRoute.get(route))).toEqual(outcomes(all));
      expect(all.map((one) => named(route, one)).filter((one) => !used.has(one))).toEqual([]);
    }
  });
});
