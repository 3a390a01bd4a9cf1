import type { Random } from '../../src/sandbox/random.ts';
import { oneOf } from './chance.ts';
import type { Asked } from './documents.ts';
import { hostileText } from './texts.ts';
import { jsonOf } from './values.ts';

/** A text as it may stand in an address; halves of pairs cannot. */
export const inUrl = (text: string): string => encodeURIComponent(Buffer.from(text).toString());

const paths = [
  '/',
  '/graphql',
  '/graphql/',
  '/graphql/stream',
  '//graphql',
  '/./graphql',
  '/x/../graphql',
  '/%67raphql',
  '/graphql%00',
  '/graphql%2f',
  '/graphql;a=b',
  '/GRAPHQL',
  '/graphiql',
  '/health',
  '/ready',
  '/metrics',
  '/health/',
  '/ready/../metrics',
  '/favicon.ico',
  '/.env',
  '/..%2f..%2fetc%2fpasswd',
  '/%',
  '/%zz',
  '/%c3%28',
  '/%ff',
  '/%ed%a0%80',
  '/__proto__',
  '/*',
  '*',
];

const queries: readonly ((random: Random, canary: string) => string)[] = [
  () => '',
  () => '?',
  () => '?query',
  () => '?query=',
  () => '?query=%',
  () => '?query=%zz&variables=%',
  () => '?query=%ff%fe',
  () => '?query={__typename}',
  () => '?query={__typename}&query={a}',
  () => '?query[]={__typename}&query[a]=b&query.__proto__.x=1',
  () => '?__proto__=1&constructor=2&query=%7B__typename%7D',
  (_, canary) => `?${canary}=${canary}`,
  (_, canary) => `?query={__typename}&variables=${canary}`,
  (_, canary) => `?query={__typename}&variables={"a":"${canary}"`,
  (_, canary) => `?query={__typename}&extensions=[${canary}`,
  (_, canary) => `?query={__typename}&variables=null&extensions=null&operationName=${canary}`,
  (_, canary) => `?documentId=${canary}`,
  (_, canary) => `?documentId=sha256:${canary}&query={__typename}`,
  (_, canary) => `?extensions=${inUrl(`{"persistedQuery":{"version":1,"sha256Hash":"${canary}"}}`)}`,
  (random, canary) => `?query=${inUrl(hostileText(random, canary))}`,
  (random, canary) => `?variables=${inUrl(hostileText(random, canary))}&query={__typename}`,
  (_, canary) => `?${'a=b&'.repeat(2000)}${canary}`,
  (_, canary) => `?#${canary}`,
  () => '?query=mutation%7B__typename%7D',
  () => `?query=${'%7B'.repeat(2500)}`,
];

export const oddTarget = (random: Random, canary: string): string =>
  oneOf(random, paths) + oneOf(random, queries)(random, canary);

/** The address that asks by GET. */
export const targetFor = ({ query, variables, operationName }: Asked): string => {
  const given = [
    ['query', query],
    ...(Object.keys(variables).length > 0 ? [['variables', jsonOf(variables)]] : []),
    ...(operationName === undefined ? [] : [['operationName', operationName]]),
  ];
  return `/graphql?${given.map(([name, value]) => `${name}=${inUrl(value ?? '')}`).join('&')}`;
};
