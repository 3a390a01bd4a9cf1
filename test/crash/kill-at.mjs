// Loaded before the gateway, which knows nothing of it: ends (or halts) the process at one step of one charge.
import { writeSync } from 'node:fs';
import { createRequire } from 'node:module';
import { Socket } from 'node:net';
import { bindValues, changedRows, parsedSql } from './postgres-wire.mjs';

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
  /^\s*INSERT INTO (?:"\w+"\.)?entries \(([^)]*)\)/
    .exec(sql)?.[1]
    .split(',')
    .map((column) => column.trim());

const updatedIn = (sql) => {
  const updated = /^\s*UPDATE (?:"\w+"\.)?entries SET ([\s\S]*?) WHERE/.exec(sql)?.[1];
  const columns = updated && [...updated.matchAll(/(\w+) = (?:\?|\$\d+)/g)].map(([, column]) => column);
  return columns?.length ? columns : undefined;
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

/** The columns that the present statement of a connection writes, and whether it adds an entry. */
const statements = new WeakMap();

/** Sockets whose present statement writes the step after which the process is to die. */
const lastStatements = new WeakSet();

const { write: writeToSocket, emit } = Socket.prototype;

// The driver is a part of the bundle, so the messages of the protocol are watched.
Socket.prototype.write = function writeWatched(data, ...rest) {
  const sql = parsedSql(data);
  if (sql !== undefined) {
    const inserted = insertedIn(sql);
    statements.set(this, { columns: inserted ?? updatedIn(sql), isNew: inserted !== undefined });
  }
  const { columns, isNew } = statements.get(this) ?? {};
  const values = columns && bindValues(data);
  if (values) {
    const entry = Object.fromEntries(columns.map((column, place) => [column, values[place]]));
    const isNow = stepOf(entry, isNew) === step && isMeant(entry.subject);
    if (isNow && when === 'before') die();
    if (isNow && when === 'after') lastStatements.add(this);
  }
  return writeToSocket.call(this, data, ...rest);
};

// Before the driver learns that its statement was committed.
Socket.prototype.emit = function emitWatched(event, data, ...rest) {
  if (event === 'data' && lastStatements.has(this)) {
    const count = changedRows(data);
    if (count !== undefined) lastStatements.delete(this);
    if (count === 1) die();
  }
  return emit.call(this, event, data, ...rest);
};

const { dispatch } = Pool.prototype;
Pool.prototype.dispatch = function dispatchWatched(options, handler) {
  if (step === 'CALL' && isMeant(options.body)) die();
  if (step === 'LOGIN' && options.path === '/login') die();
  return dispatch.call(this, options, handler);
};
