import { filterCases } from './filters.ts';
import { findCase, findOrder, type Handler } from './handler.ts';
import { envelopedPage } from './paging.ts';
import { orderListing } from './views.ts';

export const listOrders: Handler = (request) =>
  envelopedPage(request, filterCases(request.state.orders, new URLSearchParams()), orderListing);

export const filterOrders: Handler = (request) =>
  envelopedPage(request, filterCases(request.state.orders, request.query), orderListing);

export const getOrder: Handler = (request) => ({ data: orderListing(findOrder(request)) });

export const listOrderCollaterals: Handler = (request) => ({
  data: findCase(request).collaterals.map(({ row }) => row),
});
