import { findBorrower, findOrder, type Handler } from './handler.ts';

export const listOrderBorrowers: Handler = (request) => ({
  data: findOrder(request).borrowers.map(({ row }) => row),
});

export const listBorrowerAddresses: Handler = (request) => ({ data: findBorrower(request).addresses });
