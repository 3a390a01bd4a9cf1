import type { Environment } from 'relay-runtime';
import type { accountChargeMutation } from '../../generated/relay/accountChargeMutation.graphql.ts';
import { charge } from '../charge.ts';
import { accountChargeMutation as document } from './account.ts';
import { mutate } from './mutate.ts';

export const chargeByRelay = (
  environment: Environment,
  input: Parameters<typeof charge>[1],
  idempotencyKey: string,
) =>
  charge(
    async (variables) => {
      const { runPayment } = await mutate<accountChargeMutation>(environment, document, { input: variables });
      return runPayment;
    },
    input,
    idempotencyKey,
  );
