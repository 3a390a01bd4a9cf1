// Loaded before the gateway, which knows nothing of it: ends (or halts) the process at one step of one charge.
import { writeSync } from 'node:fs';
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const Database = require('libsql');
const { Pool } = require('undici');

const { when, step, amount, signal = 'SIGKILL' } = JSON.parse(process.env.KILL_AT ?? '{}');

const die = () => {
  writeSync(1, `\nAt its step: ${signal}\n`);
  // The kernel ends, or halts, the process before this returns.
  process.kill(process.pid, signal);
};

const isMeant = (text) => typeof text === 'string' && text.includes(`"${amount}"`);

const insertedIn = (sql) =>
  /^\s*INSERT INTO entries \(([^)]*)\)/
    .exec(sql)?.[1]
    .split(',')
    .map((column) => column.trim());

const updatedIn = (sql) => {
  const updated = /^\s*UPDATE entries SET ([\s\S]*) WHERE/.exec(sql)?.[1];
  return updated && [...updated.matchAll(/(\w+) = \?/g)].map(([, column]) => column);
};

/** The last that was written of each entry, to tell an intent from a note and from a sign of life. */
const written = new Map();

const stepOf = ({ id, state, attempt, evidence }, isNew) => {
  const last = written.get(id);
  written.set(id, { attempt, evidence });
  if (state !== 'PENDING') return state;
  if (last?.attempt !== attempt) return isNew ? 'INTENT' : 'TAKEOVER';
  return last.evidence === evidence ? 'RENEWAL' : 'NOTE';
};

const { exec, prepare } = Database.prototype;

/** Databases whose present transaction writes the step after which the process is to die. */
const lastTransactions = new WeakSet();

Database.prototype.exec = function execWatched(sql) {
  const result = exec.call(this, sql);
  if (sql === 'COMMIT' && lastTransactions.delete(this)) die();
  return result;
};

Database.prototype.prepare = function prepareWatched(sql) {
  const statement = prepare.call(this, sql);
  const transaction = (change) => exec.call(this, change);
  const inserted = insertedIn(sql);
  const columns = inserted ?? updatedIn(sql);
  if (!columns) return statement;
  const run = statement.run.bind(statement);
  statement.run = (...values) => {
    const entry = Object.fromEntries(columns.map((column, place) => [column, values[place]]));
    const isNow = stepOf(entry, inserted !== undefined) === step && isMeant(entry.subject);
    if (isNow && when === 'before') {
      // Before its transaction too: one that is halted later locks the store for as long as it is halted.
      transaction('ROLLBACK');
      die();
      transaction('BEGIN IMMEDIATE');
    }
    const result = run(...values);
    if (isNow && when === 'after' && result.changes === 1) lastTransactions.add(this);
    return result;
  };
  return statement;
};

const { dispatch } = Pool.prototype;
Pool.prototype.dispatch = function dispatchWatched(options, handler) {
  if (step === 'CALL' && isMeant(options.body)) die();
  if (step === 'LOGIN' && options.path === '/login') die();
  return dispatch.call(this, options, handler);
};
