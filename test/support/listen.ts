import { randomInt } from 'node:crypto';

/**
 * Listens on a port that systems do not give away by themselves: nobody else is to get it while nothing listens there.
 *
 * @returns the port.
 */
export const listenAnywhere = async (listen: (port: number) => Promise<void>): Promise<number> => {
  for (;;) {
    const port = randomInt(20_000, 30_000);
    try {
      await listen(port);
      return port;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    }
  }
};
