import { getNamedType, getNullableType, isInputObjectType } from 'graphql';
import { describe, expect, it } from 'vitest';
import { schema } from '../../src/schema/schema.ts';
import { startCorpusUpstream } from '../support/corpus-upstream.ts';
import { startGateway } from '../support/gateway.ts';
import {
  filled,
  isPlain,
  type MutationUnderTest,
  mutations,
  type Path,
  partsOf,
  replacedAt,
  waysToFill,
} from '../support/input-types.ts';
import { validValue } from '../support/leaf-values.ts';

/** A field of an input that takes a phone number. */
interface PhoneInput {
  readonly name: string;
  readonly mutation: MutationUnderTest;
  /** An input with every field filled. */
  readonly input: unknown;
  readonly path: Path;
  /** Whether an extension is next to the number. */
  readonly isExtendable: boolean;
}

const phoneInputsOf = (mutation: MutationUnderTest): PhoneInput[] =>
  waysToFill(mutation.type).flatMap((without) => {
    const input = filled(mutation.type, validValue, without);
    const parts = partsOf(mutation.type, input);
    return parts
      .filter(({ type }) => getNamedType(type).name === 'PhoneNumber')
      .map(({ path }) => {
        const above = parts.find((part) => part.path.join('.') === path.slice(0, -1).join('.'));
        const isExtendable = isPlain(above?.value) && 'extension' in above.value;
        return { name: `${mutation.field}: ${path.join('.')}`, mutation, input, path, isExtendable };
      });
  });

const phoneInputs = mutations.flatMap(phoneInputsOf);

const run = async ({ mutation: { field, document } }: PhoneInput, input: unknown) => {
  const scollect = await startCorpusUpstream('scollect');
  const recoveryConnect = await startCorpusUpstream('recoveryconnect');
  const { query } = await startGateway({ scollect, recoveryConnect });
  const { data, errors } = await query(document, { input });
  expect(errors).toBeUndefined();
  const sent = [...scollect.received, ...recoveryConnect.received].map(({ method, path, body }) => ({
    method,
    path,
    body,
  }));
  // The first is the log-in.
  return { result: data[field], sent: sent.slice(1) };
};

const typed = ['678-932-1578x89', '678-932-1578 ext. 89', '(678) 932-1578 #89', '678-932-1578 p89'];

describe('a phone number with an extension', () => {
  it('is looked for in every input that there is', () => {
    const types = Object.values(schema.getTypeMap()).filter(isInputObjectType);
    const ofType = types.flatMap((type) =>
      Object.values(type.getFields()).filter((field) => getNamedType(field.type).name === 'PhoneNumber'),
    );
    const seen = new Set(
      phoneInputs.map(({ mutation, path }) => {
        let at = getNullableType(mutation.type);
        for (const part of path.slice(0, -1))
          if (typeof part === 'string' && isInputObjectType(at))
            at = getNamedType(at.getFields()[part]?.type ?? at) as typeof at;
        return `${at.name}.${path.at(-1)}`;
      }),
    );
    expect(seen.size).toBe(ofType.length);
    expect(phoneInputs.filter(({ isExtendable }) => isExtendable).map(({ name }) => name)).toEqual([
      'addBorrowerPhone: number',
      'createOrder: additionalAddresses.0.phones.0.number',
      'createOrder: borrowers.0.addresses.0.phones.0.number',
      'createOrder: borrowers.0.phones.0.number',
      'updateBorrowerPhone: number',
    ]);
  });

  it.each(phoneInputs.filter(({ isExtendable }) => !isExtendable))(
    'is rejected where there is no place for it ($name)',
    async (phone) => {
      const { result, sent } = await run(phone, replacedAt(phone.input, phone.path, typed[0]));
      expect(result).toMatchObject({
        __typename: 'InvalidInputError',
        fields: [
          {
            path: phone.path.join('.'),
            message: 'Expected a phone number with its area code, or in E.164, without an extension.',
          },
        ],
      });
      expect(sent).toEqual([]);
    },
  );

  describe.each(phoneInputs.filter(({ isExtendable }) => isExtendable))('($name)', (phone) => {
    const inputWith = (number: string, extension: string | null | undefined): unknown => {
      const { input, path } = phone;
      const place = [...path.slice(0, -1), 'extension'];
      return replacedAt(replacedAt(input, path, number), place, extension);
    };

    it.each(typed)('fills the extension: %s', async (number) => {
      const apart = await run(phone, inputWith('678-932-1578', '89'));
      expect(apart.result.__typename).toMatch(/Success$/);
      expect(JSON.stringify(apart.sent)).toContain('"extension":"89"');
      for (const extension of [undefined, null, '89']) {
        expect(await run(phone, inputWith(number, extension))).toEqual(apart);
      }
    });

    it.each(['89', ' 89 ', 'x89', 'ext. 89'])('takes the same extension twice: %s', async (extension) => {
      const { result, sent } = await run(phone, inputWith('678-932-1578 x89', extension));
      expect(result.__typename).toMatch(/Success$/);
      expect(JSON.stringify(sent)).toContain(`"extension":"${extension.trim()}"`);
    });

    it.each(['88', '089', '8', '89 or 90'])('is rejected next to another one: %s', async (extension) => {
      const { result, sent } = await run(phone, inputWith('678-932-1578 x89', extension));
      expect(result).toMatchObject({
        __typename: 'InvalidInputError',
        fields: [
          {
            path: phone.path.join('.'),
            message: 'Expected no extension, or the one that `extension` gives.',
          },
        ],
      });
      expect(sent).toEqual([]);
    });
  });

  it('is rejected as the number that accounts are looked for by', async () => {
    const { query } = await startGateway();
    const { errors } = await query('{ accountsByPhone(number: "678-932-1578 x89") { fileNumber } }');
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', argument: 'number' } }]);
  });
});
