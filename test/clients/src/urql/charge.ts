import type { Client } from '@urql/core';
import { charge } from '../charge.ts';
import { Charge } from '../documents.ts';

export const chargeByUrql = (client: Client, input: Parameters<typeof charge>[1], idempotencyKey: string) =>
  charge(
    async (variables) => {
      const { data, error } = await client.mutation(Charge, { input: variables });
      if (!data?.runPayment) throw error;
      return data.runPayment;
    },
    input,
    idempotencyKey,
  );
