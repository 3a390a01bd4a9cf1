import { defaultFieldResolver, type GraphQLSchema, getNamedType, isObjectType } from 'graphql';
import type { AuditNotes, RecordType } from '../../audit/audit.ts';
import type { Context } from '../../request/context.ts';

type KeyOf = (record: Readonly<Record<string, unknown>>) => unknown;

const keys: Record<RecordType, KeyOf> = {
  Account: ({ fileNumber }) => fileNumber,
  Order: ({ orderId }) => orderId,
  Assignment: ({ assignmentId }) => assignmentId,
};

const isRecordType = (name: string): name is RecordType => Object.hasOwn(keys, name);

/** Notes a record, or all of a list; those that are still waited for, when they are there. */
const note = (type: RecordType, given: unknown, audit: AuditNotes): void => {
  if (typeof given !== 'object' || given === null) return;
  if (Array.isArray(given)) {
    for (const item of given) note(type, item, audit);
  } else if ('then' in given) {
    // Whoever waits for it hears of its failure.
    Promise.resolve(given).then(
      (record) => note(type, record, audit),
      () => {},
    );
  } else {
    const key = keys[type](given as Readonly<Record<string, unknown>>);
    if (typeof key === 'string') audit.record(type, key);
  }
};

/** Notes a thing that was asked for by its id: the record that it is, or belongs to. */
export const noteNode = (
  typeName: string,
  key: readonly string[],
  found: object,
  audit: AuditNotes,
): void => {
  const [first = '', second = ''] = key;
  if (isRecordType(typeName)) note(typeName, found, audit);
  if (typeName !== 'Borrower' && typeName !== 'Phone') return;
  if (first === 'S') audit.record('Account', second.toUpperCase());
  if (first === 'R') audit.record('Order', second.replace(/^0+(?=\d)/, ''));
};

/** Which record a mutation is aimed at, by the names of its input. */
const aims: readonly (readonly [field: string, type: RecordType])[] = [
  ['fileNumber', 'Account'],
  ['orderId', 'Order'],
  ['toOrderIds', 'Order'],
  ['assignmentId', 'Assignment'],
];

/** Notes what a mutation is aimed at, whatever will come of it; not what can be no key. */
export const noteAims = (input: unknown, audit: AuditNotes): void => {
  const fields = input as Readonly<Record<string, unknown>>;
  for (const [field, type] of aims) {
    for (const key of [fields[field]].flat()) {
      const isKey = typeof key === 'string' && /^\s*[A-Za-z0-9][\w.-]{0,49}\s*$/.test(key);
      if (!isKey) continue;
      const written = key.trim();
      audit.record(type, type === 'Account' ? written.toUpperCase() : written.replace(/^0+(?=\d)/, ''));
    }
  }
};

/** Makes every field that gives out accounts, orders or assignments note them. */
export const noteRecords = (schema: GraphQLSchema): GraphQLSchema => {
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type)) continue;
    for (const field of Object.values(type.getFields())) {
      const { name } = getNamedType(field.type);
      if (!isRecordType(name)) continue;
      const { resolve = defaultFieldResolver } = field;
      field.resolve = (parent, args, context: Context, info) => {
        const given: unknown = resolve(parent, args, context, info);
        note(name, given, context.audit);
        return given;
      };
    }
  }
  return schema;
};
