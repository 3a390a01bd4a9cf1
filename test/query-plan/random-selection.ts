import fc from 'fast-check';

/** A number for a text, the same in every run. */
export const hash = (text: string): number => {
  let number = 2_166_136_261;
  for (const character of text) number = Math.imul(number ^ (character.codePointAt(0) ?? 0), 16_777_619);
  return number >>> 1;
};

const leaves = ['leaf', 'sure', 'color', 'lists', 'plain', '__typename'];
const objects = ['self', 'sureSelf', 'list', 'sureList'];
const abstracts = ['animal', 'animals'];
const named = [
  'name',
  'name(size: 4)',
  'name(size: $size)',
  'name(flag: $yes)',
  'name(size: null, flag: true)',
];
const conditions = ['', '', '', '', ' @include(if: $yes)', ' @skip(if: $yes)', ' @skip(if: $no)'];

const anyOf = fc.constantFrom;

export const { selection } = fc.letrec<{ selection: string; field: string }>((tie) => ({
  field: fc.oneof(
    { maxDepth: 4, depthIdentifier: 'query' },
    fc.tuple(anyOf(...leaves, 'x: leaf', 'y: leaf'), anyOf(...conditions)).map((parts) => parts.join('')),
    fc
      .tuple(anyOf(...named), anyOf(...conditions))
      .map(([field, condition]) => `n${hash(field)}: ${field}${condition}`),
    fc
      .tuple(anyOf(...objects), anyOf(...conditions), tie('selection'))
      .map(([name, condition, below]) => `${name}${condition} ${below}`),
    fc
      .tuple(anyOf(...abstracts), tie('selection'), tie('selection'))
      .map(([name, cat, dog]) => `${name} { name __typename ... on Cat ${cat} ... on Dog ${dog} }`),
    anyOf('...Some', '...Some @include(if: $yes)', '... on Animal @skip(if: $yes) { leaf ...Other }'),
  ),
  selection: fc
    .array(tie('field'), { minLength: 1, maxLength: 5, depthIdentifier: 'query' })
    .map((fields) => `{ ${fields.join(' ')} }`),
}));

export const withFragments = (selected: string): string => `
  query Q($size: Int, $yes: Boolean!, $no: Boolean = false) ${selected}
  fragment Some on Animal { __typename leaf ...Other sure }
  fragment Other on Animal { x: leaf, n: name(size: $size) @include(if: $yes) ... @skip(if: $no) { y: leaf } }`;
