import pg from 'pg';

/** The server for tests: `TEST_POSTGRES_URL`, or the usual port of this machine. */
export const testPostgresUrl =
  process.env['TEST_POSTGRES_URL'] ?? 'postgres://postgres@127.0.0.1:5432/postgres';

const execute = async (...statements: readonly string[]): Promise<void> => {
  const client = new pg.Client({ connectionString: testPostgresUrl, connectionTimeoutMillis: 5000 });
  await client.connect();
  try {
    for (const statement of statements) await client.query(statement);
  } finally {
    await client.end();
  }
};

/**
 * Whether there is a Postgres for tests. Without one they are skipped with a message, but not on a CI machine, where
 * each test must run.
 */
export const hasPostgres = await execute('SELECT 1').then(
  () => true,
  () => false,
);
if (!hasPostgres) {
  const message = `no Postgres at ${new URL(testPostgresUrl).host}: its tests are skipped (set TEST_POSTGRES_URL, or start one)`;
  if (process.env['CI'] !== undefined) throw new Error(message);
  process.stderr.write(`${message}\n`);
}

let databases = 0;

/** Creates an empty database of its own for a test; `drop` removes it. */
export const createTestDatabase = async (): Promise<{ readonly url: string; drop(): Promise<void> }> => {
  databases += 1;
  const name = `recollect_test_${process.pid}_${databases}_${Date.now()}`;
  await execute(`CREATE DATABASE ${name}`);
  const url = new URL(testPostgresUrl);
  url.pathname = `/${name}`;
  return { url: url.href, drop: () => execute(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`) };
};
