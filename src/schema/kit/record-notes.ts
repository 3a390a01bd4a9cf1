import { defaultFieldResolver, type GraphQLSchema, getNamedType, isObjectType } from 'graphql';
import type { AuditNotes, RecordType } from '../../audit/audit.ts';
import type { Context } from '../../request/context.ts';
import { canonicalFileNumber, toFileNumber } from '../../values/file-number.ts';
import { canonicalId, parseNumericId } from '../../values/numeric-id.ts';

type KeyOf = (record: Readonly<Record<string, unknown>>) => unknown;

const keys: Record<RecordType, KeyOf> = {
  Account: ({ fileNumber }) => fileNumber,
  Order: ({ orderId }) => orderId,
  Assignment: ({ assignmentId }) => assignmentId,
};

const isRecordType = (name: string): name is RecordType => Object.hasOwn(keys, name);

/** Notes a record, or all records of a list; pending ones when they arrive. */
const note = (type: RecordType, given: unknown, audit: AuditNotes): void => {
  if (typeof given !== 'object' || given === null) return;
  if (Array.isArray(given)) {
    for (const item of given) note(type, item, audit);
  } else if ('then' in given) {
    // Its failure is reported where it is awaited.
    Promise.resolve(given).then(
      (record) => note(type, record, audit),
      () => {},
    );
  } else {
    const key = keys[type](given as Readonly<Record<string, unknown>>);
    if (typeof key === 'string') audit.record(type, key);
  }
};

/** Notes an object that was requested by its id: the record that it is, or belongs to. */
export const noteNode = (
  typeName: string,
  key: readonly string[],
  found: object,
  audit: AuditNotes,
): void => {
  if (isRecordType(typeName)) {
    note(typeName, found, audit);
    return;
  }
  // What belongs to an account or an order has its key after the letter of the system.
  const [first = '', second = ''] = key;
  if (key.length < 2) return;
  if (first === 'S') audit.record('Account', canonicalFileNumber(second));
  if (first === 'R') audit.record('Order', canonicalId(second));
};

/** The types of the target records of a mutation, by the names of its input fields. */
const aims: readonly (readonly [field: string, type: RecordType])[] = [
  ['fileNumber', 'Account'],
  ['orderId', 'Order'],
  ['toOrderIds', 'Order'],
  ['assignmentId', 'Assignment'],
];

/** Notes the target records of a mutation, independent of its outcome; invalid keys are left out. */
export const noteAims = (input: unknown, audit: AuditNotes): void => {
  const fields = input as Readonly<Record<string, unknown>>;
  for (const [field, type] of aims) {
    for (const key of [fields[field]].flat()) {
      if (typeof key !== 'string') continue;
      const canonical = type === 'Account' ? toFileNumber(key) : parseNumericId(key);
      if (canonical !== null) audit.record(type, canonical);
    }
  }
};

/** Makes every field that returns accounts, orders or assignments note them. */
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
