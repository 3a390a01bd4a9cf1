import type { ApolloClient } from '@apollo/client';
import { charge } from '../charge.ts';
import { Charge } from '../documents.ts';

export const chargeByApollo = (
  client: ApolloClient,
  input: Parameters<typeof charge>[1],
  idempotencyKey: string,
) =>
  charge(
    async (variables) => {
      const { data, error } = await client.mutate({ mutation: Charge, variables: { input: variables } });
      if (!data?.runPayment) throw error;
      return data.runPayment;
    },
    input,
    idempotencyKey,
  );
