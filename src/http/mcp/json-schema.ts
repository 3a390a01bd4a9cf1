export type JsonType = 'string' | 'integer' | 'number' | 'boolean' | 'array' | 'object' | 'null';

/** A JSON Schema of those keywords that tools use. Each has a type: some clients reject tools whose schemas lack one. */
export interface JsonSchema {
  readonly type: JsonType | readonly JsonType[];
  readonly description?: string;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly default?: unknown;
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly items?: JsonSchema;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: false;
  readonly oneOf?: readonly JsonSchema[];
  readonly anyOf?: readonly JsonSchema[];
}

/** The schema of an object that has no other keys. */
export interface ObjectSchema extends JsonSchema {
  readonly type: 'object';
  readonly properties: Readonly<Record<string, JsonSchema>>;
}

const noValue: JsonSchema = { type: 'null' };

/** Returns a schema that also allows null. */
export const orNull = (schema: JsonSchema): JsonSchema => {
  const types: readonly JsonType[] = [schema.type].flat();
  return {
    ...schema,
    type: [...types, 'null'],
    ...(schema.enum && { enum: [...schema.enum, null] }),
    ...(schema.oneOf && { oneOf: [...schema.oneOf, noValue] }),
    ...(schema.anyOf && { anyOf: [...schema.anyOf, noValue] }),
  };
};

/** Returns a schema with a text before its own description. */
export const described = (schema: JsonSchema, text: string | null | undefined): JsonSchema => {
  const description = [text, schema.description].filter(Boolean).join(' ');
  return description === '' ? schema : { ...schema, description };
};
