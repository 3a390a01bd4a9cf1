import Database from 'libsql';

/** Returns the number of entries of a ledger in each state. */
export const statesIn = (storeFile: string): Record<string, number> => {
  const database = new Database(storeFile);
  const rows = database.prepare('SELECT state, COUNT(*) AS count FROM entries GROUP BY state').all();
  database.close();
  return Object.fromEntries(
    (rows as { state: string; count: number }[]).map(({ state, count }) => [state, count]),
  );
};
