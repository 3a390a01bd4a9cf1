/** Writes a line to the output of a command. */
export const say = (text: string): void => {
  process.stdout.write(`${text}\n`);
};

/**
 * Executes a command and ends the process, whatever the command has left open. After an error the exit code is 1.
 *
 * @param failure a sentence, before the message of the error.
 */
export const runCommand = async (execute: () => Promise<void>, failure: string): Promise<never> => {
  try {
    await execute();
    process.exit(0);
  } catch (error) {
    process.stderr.write(`${failure}\n${(error as Error).message}\n`);
    process.exit(1);
  }
};
