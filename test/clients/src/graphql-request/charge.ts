import type { GraphQLClient } from 'graphql-request';
import { charge } from '../charge.ts';
import { Charge } from '../documents.ts';

export const chargeByRequest = (
  client: GraphQLClient,
  input: Parameters<typeof charge>[1],
  idempotencyKey: string,
) =>
  charge(
    async (variables) => {
      const { runPayment } = await client.request(Charge, { input: variables });
      return runPayment;
    },
    input,
    idempotencyKey,
  );
