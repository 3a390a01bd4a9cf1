import { connect } from 'node:net';

const isTaken = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });

/**
 * Whether the fixed ports of `npm run sandbox` are taken: somebody's own sandbox may be running. Then stderr names what
 * is skipped.
 *
 * @throws {Error} if they are taken in CI, where no test may be skipped.
 */
export const areSandboxPortsTaken = async (skipped: string): Promise<boolean> => {
  const areTaken = (await isTaken(4101)) || (await isTaken(4102));
  if (areTaken && process.env['CI']) throw new Error('The ports 4101 and 4102 are taken, which CI needs.');
  if (areTaken) process.stderr.write(`Skipped: ${skipped}, for its ports 4101 and 4102 are taken.\n`);
  return areTaken;
};
