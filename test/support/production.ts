import { startGateway } from './gateway.ts';

type Options = NonNullable<Parameters<typeof startGateway>[0]>;

/** A gateway as it is run where strangers may reach it: nothing is shown that helps to look around. */
export const startProductionGateway = (options: Options = {}) =>
  startGateway({
    ...options,
    access: {
      graphiql: false,
      introspection: false,
      rateLimits: { perCaller: 600, perAddress: 1200, failuresPerAddress: 60 },
      ...options.access,
    },
  });
