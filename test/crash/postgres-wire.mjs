// Reads the messages of Postgres's protocol by which a statement is sent and confirmed, one message in each write.

const isMessage = (data, type) =>
  data instanceof Uint8Array && data[0] === type.charCodeAt(0) && data.length >= 5;

const endOfText = (data, from) => data.indexOf(0, from);

/** The SQL of a `Parse` message; otherwise undefined. */
export const parsedSql = (data) => {
  if (!isMessage(data, 'P')) return undefined;
  const from = endOfText(data, 5) + 1;
  return Buffer.from(data).toString('utf8', from, endOfText(data, from));
};

/** The values of a `Bind` message as text, with null for NULL; otherwise undefined. */
export const bindValues = (data) => {
  if (!isMessage(data, 'B')) return undefined;
  const buffer = Buffer.from(data);
  let place = endOfText(buffer, endOfText(buffer, 5) + 1) + 1;
  place += 2 + 2 * buffer.readInt16BE(place);
  const count = buffer.readInt16BE(place);
  place += 2;
  return Array.from({ length: count }, () => {
    const length = buffer.readInt32BE(place);
    place += 4;
    if (length < 0) return null;
    place += length;
    return buffer.toString('utf8', place - length, place);
  });
};

/** The number of rows in a `CommandComplete` message of a change; undefined without one. */
export const changedRows = (data) => {
  const [, count] = /C[\s\S]{4}(?:INSERT 0|UPDATE) (\d+)\0/.exec(Buffer.from(data).toString('latin1')) ?? [];
  return count === undefined ? undefined : Number(count);
};
