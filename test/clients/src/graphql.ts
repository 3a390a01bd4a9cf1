import { initGraphQLTada } from 'gql.tada';
import type { introspection } from '../generated/graphql-env.d.ts';

/** Every scalar of the gateway is a string in JSON. `Decimal` also accepts integers as input. */
interface Scalars {
  BirthDate: string;
  CardNumber: string;
  Date: string;
  DateTime: string;
  Decimal: string;
  LocalDateTime: string;
  LocalTime: string;
  PhoneNumber: string;
  SSN: string;
  SecurityCode: string;
}

export const graphql = initGraphQLTada<{ introspection: introspection; scalars: Scalars }>();
