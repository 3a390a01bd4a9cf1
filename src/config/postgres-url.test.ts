import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { root } from '../../test/support/root.ts';
import { PostgresUrlError, parsePostgresUrl } from './postgres-url.ts';

const tlsOf = (hosts: string, query: string) =>
  parsePostgresUrl(`postgres://clerk@${hosts}/name${query}`).tls;

const verifiesHost = (rootCertificates?: string) => ({ checksHost: true, rootCertificates });
const verifiesAuthority = { checksHost: false, rootCertificates: undefined };

describe('TLS to Postgres', () => {
  const loopback = ['127.0.0.1', '127.1.2.3:1', '[::1]', 'localhost', '%2Fvar%2Frun', 'localhost,127.0.0.1'];
  const others = [
    'db.example.com',
    '10.0.0.1',
    '[fd00::1]',
    'localhost,db',
    'db,localhost',
    '127.example.com',
  ];

  it.each(loopback)('is off for %s unless it is asked for', (hosts) => {
    expect(tlsOf(hosts, '')).toBeNull();
    expect(tlsOf(hosts, '?sslmode=disable')).toBeNull();
    expect(tlsOf(hosts, '?sslmode=require')).toEqual(verifiesHost());
    expect(tlsOf(hosts, '?sslrootcert=%2Fca.pem')).toEqual(verifiesHost('/ca.pem'));
  });

  it.each(others)('is verified for %s unless it is switched off', (hosts) => {
    expect(tlsOf(hosts, '')).toEqual(verifiesHost());
    expect(tlsOf(hosts, '?sslmode=require')).toEqual(verifiesHost());
    expect(tlsOf(hosts, '?sslmode=verify-full')).toEqual(verifiesHost());
    expect(tlsOf(hosts, '?sslmode=verify-ca')).toEqual(verifiesAuthority);
    expect(tlsOf(hosts, '?sslmode=disable')).toBeNull();
  });

  it.each(['prefer', 'allow', 'REQUIRE', ''])('is not left to the server (sslmode=%s)', (mode) => {
    for (const hosts of ['localhost', 'db']) {
      expect(() => tlsOf(hosts, `?sslmode=${mode}`)).toThrow(PostgresUrlError);
    }
  });

  it('has no certificates to verify where it is off', () => {
    expect(() => tlsOf('db', '?sslmode=disable&sslrootcert=ca.pem')).toThrow('expected no sslrootcert');
  });

  it('has all modes in docs/ledger.md, with what stops the start', () => {
    const [, text = ''] = readFileSync(join(root, 'docs/ledger.md'), 'utf8').split('### TLS to Postgres');
    const rows = (text.split('\n### ')[0] ?? '').split('\n').filter((line) => line.startsWith('| `'));
    const documented = rows.flatMap((row) => {
      const [modes = ''] = row.slice(2).split(' | ');
      return [...modes.matchAll(/`([a-z-]+)`/g)].map(([, mode = '']) => ({
        mode,
        isAccepted: !row.includes('stops the start'),
      }));
    });
    const modesOfLibpq = ['disable', 'allow', 'prefer', 'require', 'verify-ca', 'verify-full'];
    const listed = documented.map(({ mode }) => mode).filter((mode) => mode !== 'sslmode');
    expect(listed.toSorted()).toEqual(modesOfLibpq.toSorted());
    for (const { mode, isAccepted } of documented.filter(({ mode: name }) => name !== 'sslmode')) {
      const parse = () => tlsOf('db', `?sslmode=${mode}`);
      if (isAccepted) expect(parse).not.toThrow();
      else expect(parse).toThrow(PostgresUrlError);
    }
  });
});
