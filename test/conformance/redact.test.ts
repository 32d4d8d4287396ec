/** What is hidden, in which forms, and what stays. */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { createRedactor, openMembers, secretMembers } from '../../conformance/redact/redact.js';
import { curlLine, loadContract } from '../../openapi/index.js';
import { exchange, exchanges, secrets, spellingsOf } from './html-run.js';

const tricky = 'p&ss "wörd" <1> \'x\'+/=\\';
const token = secrets.access;

describe('a secret that is known', () => {
  const redactor = createRedactor();
  redactor.add(tricky, 'password');
  redactor.add(token, 'access_token');
  redactor.add('48793', 'otp');
  const { mask } = redactor;

  it.each([
    ['as it is', tricky],
    ['in JSON', JSON.stringify({ a: tricky })],
    ['in JSON within JSON', JSON.stringify({ a: JSON.stringify({ b: tricky }) })],
    [
      'in JSON that escapes all',
      [...tricky].map((c) => `\\u${(c.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`).join(''),
    ],
    ['percent-encoded', `?a=${encodeURIComponent(tricky)}&b`],
    [
      'percent-encoded in lower case',
      encodeURIComponent(tricky).replace(/%[\dA-F]{2}/g, (code) => code.toLowerCase()),
    ],
    [
      'percent-encoded to the last letter',
      [...Buffer.from(tricky)].map((b) => `%${b.toString(16).padStart(2, '0')}`).join(''),
    ],
    ['in a form', new URLSearchParams({ a: tricky }).toString()],
    [
      'in HTML',
      tricky
        .replaceAll('&', '&amp;')
        .replaceAll('<', '&lt;')
        .replaceAll('>', '&gt;')
        .replaceAll('"', '&quot;'),
    ],
    ['in XML with numbers', [...tricky].map((c) => `&#x${(c.codePointAt(0) ?? 0).toString(16)};`).join('')],
    ['in base64', Buffer.from(tricky).toString('base64')],
    ['in base64url', Buffer.from(tricky).toString('base64url')],
    [
      'in a curl line',
      curlLine(
        {
          method: 'POST',
          path: '/',
          query: '',
          fields: [['X-A', tricky]],
          content: Buffer.from(`a${tricky}b`),
        },
        'http://a',
      ),
    ],
    ['within longer text', `before${tricky}after`],
    ['in XML', `<a>${tricky.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')}</a>`],
  ])('is hidden %s', (_, text) => {
    const masked = mask(text);
    expect(masked).toContain('masked-password-1');
    for (const spelling of spellingsOf(tricky)) expect(masked).not.toContain(spelling);
    expect(masked).not.toMatch(/w(?:ö|\\u00f6|%c3%b6)rd/i);
  });

  it('has the same mask wherever it stands, and leaves the rest as it was', () => {
    expect(mask(`GET /?token=${token} HTTP/1.1`)).toBe('GET /?token=masked-access-token-1 HTTP/1.1');
    expect(mask(`{"access_token": "${token}", "n": 1}`)).toBe(
      '{"access_token": "masked-access-token-1", "n": 1}',
    );
    expect(mask('The code 48793, not 48794')).toBe('The code masked-otp-1, not 48794');
  });

  it('is hidden in the parts of a token that tell as much', () => {
    const [header, payload, signature] = token.split('.');
    expect(mask(`${header}`)).toBe(header);
    expect(mask(`with ${payload}.tampered`)).toBe('with masked-access-token-1-payload.tampered');
    expect(mask(`${header}.other.${signature}`)).toContain('masked-access-token-1-signature');
  });

  it('is hidden when it is cut off', () => {
    expect(mask(`"${token.slice(0, 60)}…"`)).toBe('"masked-access-token-1…"');
    expect(mask(`${token.slice(0, 60)}... (90 more)`)).toBe('masked-access-token-1... (90 more)');
  });

  it.each(['9487931', '487930', '148793', '4879 3'])('is not found within another number: %s', (text) => {
    expect(mask(text)).toBe(text);
  });

  it.each([
    '"48793"',
    'otp=48793&',
    '48793',
    'otp48793',
    '%2048793',
    '"\\n48793"',
    '48793.',
    'a_48793_b',
    '[48793]',
  ])('is found as a value: %s', (text) => {
    expect(mask(text)).not.toContain('48793');
  });

  it('is masked once: a mask is not masked again', () => {
    redactor.add('masked', 'word');
    redactor.add('otp', 'odd');
    const once = mask(`48793 ${token} ${tricky} masked otp`);
    expect(once).toBe('masked-otp-1 masked-access-token-1 masked-password-1 masked-word-1 masked-odd-1');
    expect(mask(once)).toBe(once);
  });
});

describe('a secret that itself looks like an escape', () => {
  const odd = "C:\\new%41&lt;'x";
  it.each([
    ['JSON', JSON.stringify(odd)],
    ['a URL', encodeURIComponent(odd)],
    ['HTML', odd.replaceAll('&', '&amp;').replaceAll("'", '&#39;')],
    ['a shell word', `'${odd.replaceAll("'", `'\\''`)}'`],
    ['plain text', odd],
  ])('is hidden in %s', (_, text) => {
    const { add, mask } = createRedactor();
    add(odd, 'path');
    expect(mask(text)).toMatch(/^["']?masked-path-1["']?$/);
  });
});

describe('several secrets', () => {
  it('have numbers of their own, and the longest of those that overlap hides them all', () => {
    const { add, mask } = createRedactor();
    for (const secret of ['alpha-beta', 'beta-gamma-delta', 'alpha-beta-longer']) add(secret, 'apiKey');
    expect(mask('alpha-beta|alpha-beta-longer')).toBe('masked-api-key-1|masked-api-key-3');
    expect(mask('alpha-beta-gamma-delta')).toBe('masked-api-key-2');
    add('alpha-beta', 'other');
    expect(mask('alpha-beta')).toBe('masked-api-key-1');
  });

  it('of one or two characters are hidden only as whole values', () => {
    const { add, mask } = createRedactor();
    add('7', 'pin');
    add('ab', 'password');
    expect(mask('{"pin":"7","n":"17","cab":"ab"}')).toBe(
      '{"pin":"masked-pin-1","n":"17","cab":"masked-password-1"}',
    );
    expect(mask('?pin=7&page=70')).toBe('?pin=masked-pin-1&page=70');
    expect(mask('X-Pin: 7\r\nAge: 77')).toBe('X-Pin: masked-pin-1\r\nAge: 77');
    expect(mask('7')).toBe('masked-pin-1');
    expect(mask('about 7 tables in a cab')).toBe('about 7 tables in a cab');
    add('', 'nothing');
    expect(mask('')).toBe('');
  });

  it('are found fast in megabytes', () => {
    const { add, mask } = createRedactor();
    for (let index = 0; index < 1000; index += 1) add(`${token}-${index}`, 'token');
    const text = `{"a":"plain \\u00e9 text","b":[1,2,3],"c":"eyJhbGciOiJIUzI1NiJ9"}\n`.repeat(50_000);
    const begun = performance.now();
    expect(mask(`${text}${token}-777`).slice(text.length)).toBe('masked-token-778');
    expect(performance.now() - begun).toBeLessThan(4000);
  });

  it('do not keep it busy with texts that are made to', () => {
    const redactor = createRedactor();
    redactor.add('a'.repeat(50_000), 'password');
    const begun = performance.now();
    for (const unit of ['a', '\\"', '"', '?', '&a', ' a="', '<a', 'name="', 'eyJa', 'ey.', '%', '[{"a":'])
      redactor.learn(exchange(1, { answer: `--${unit.repeat(200_000 / unit.length)}` }));
    redactor.learn(exchange(1, { answer: `${'['.repeat(100_000)}${']'.repeat(100_000)}` }));
    redactor.mask('a'.repeat(120_000));
    redactor.mask(`${'a'.repeat(49_999)}b`.repeat(4));
    expect(performance.now() - begun).toBeLessThan(4000);
  });
});

describe('what an exchange tells', () => {
  const learned = (...given: Parameters<typeof exchange>[1][]): ((text: string) => string) => {
    const redactor = createRedactor(['shoe_size'], ['session_token']);
    for (const each of given) redactor.learn(exchange(1, each));
    return redactor.mask;
  };

  it('hides every secret of a run, however it is spelt', () => {
    const redactor = createRedactor();
    for (const each of exchanges) redactor.learn(each);
    for (const secret of Object.values(secrets))
      for (const spelling of spellingsOf(secret))
        expect(redactor.mask(`"${spelling}"`)).not.toContain(spelling);
  });

  it.each([
    ['a bearer token', { fields: [['authorization', 'bEaReR opaque-1234']] }, 'opaque-1234'],
    ['a credential without a scheme', { fields: [['Authorization', 'opaque-1234']] }, 'opaque-1234'],
    [
      'the password of Basic',
      { fields: [['Proxy-Authorization', 'Basic dXNlcjpvcGFxdWUtMTIzNA==']] },
      'opaque-1234',
    ],
    ['a cookie', { fields: [['Cookie', 'a=1; session="opaque-1234"']] }, 'opaque-1234'],
    ['a cookie that is set', { answerFields: [['Set-Cookie', 'sid=opaque-1234; Path=/']] }, 'opaque-1234'],
    ['an API key', { fields: [['X-API-Key', 'opaque-1234']] }, 'opaque-1234'],
    ['a field of several words', { fields: [['X-Secret', 'opaque 1234']] }, 'opaque 1234'],
    ['a field for a token', { fields: [['FCM-TOKEN', 'opaque-1234']] }, 'opaque-1234'],
    ['a member of JSON', { content: '{"user":{"New_Password":"opaque-1234"}}' }, 'opaque-1234'],
    ['a number', { answer: '{"otp":123456}' }, '123456'],
    ['an item of an array', { answer: '{"recoveryCodes":["opaque-1234"]}' }, 'opaque-1234'],
    [
      'a member that stands twice',
      { answer: '{"token":"opaque-1234","token":"second-5678"}' },
      'opaque-1234',
    ],
    ['JSON that is cut off', { answer: '{"client-secret":"opaque-1234","a' }, 'opaque-1234'],
    [
      'JSON in JSON',
      { answer: JSON.stringify({ a: JSON.stringify({ clientSecret: 'opaque-1234' }) }) },
      'opaque-1234',
    ],
    ['a query', { query: "a=1&access_token=opaque%20'1234'" }, "opaque '1234'"],
    ['a form', { content: 'user=a&password=opaque%261234' }, 'opaque&1234'],
    [
      'a form of several parts',
      { content: '--x\r\nContent-Disposition: form-data; name="otp"\r\n\r\nopaque-1234\r\n--x--' },
      'opaque-1234',
    ],
    [
      'XML',
      { answer: '<s:Envelope><s:Password type="t">opaque-1234</s:Password></s:Envelope>' },
      'opaque-1234',
    ],
    [
      'a URL in a field',
      { answerFields: [['Location', 'https://a.example/#token=opaque-1234']] },
      'opaque-1234',
    ],
    ['a token in a path', { path: `/verify/${token}` }, token],
    ['a token in HTML', { answer: `<p>Invalid: ${token}</p>` }, token],
    [
      'a token without signature',
      { answer: `${token.split('.').slice(0, 2).join('.')}.` },
      `${token.split('.').slice(0, 2).join('.')}.`,
    ],
    ['a name that the user gives', { answer: '{"shoeSize":"opaque-1234"}' }, 'opaque-1234'],
  ] satisfies [string, Parameters<typeof exchange>[1], string][])('hides %s', (_, given, secret) => {
    expect(learned({ fields: [], ...given })(`<${secret}>`)).toMatch(/^<masked-[a-z-]+-\d+>$/);
  });

  it('hides what a partial answer and a failure tell', () => {
    const partial = { status: 200, fields: [], content: Buffer.from('{"otp":"opaque-1234') };
    const why = 'closed at https://a/?secret=opaque-5678';
    const mask = learned({ outcome: { kind: 'failure', failure: 'reset', why, faults: [], partial } });
    expect(mask('opaque-5678')).toBe('masked-secret-1');
  });

  it('gives one token one mask, from the answer that brings it to the request that uses it', () => {
    const mask = learned(
      { fields: [], answer: JSON.stringify({ access_token: token }) },
      { fields: [['Authorization', `Bearer ${token}`]] },
    );
    expect(mask(`Authorization: Bearer ${token}`)).toBe('Authorization: Bearer masked-access-token-1');
  });

  it.each([
    [
      'a value that is none',
      { answer: '{"token":null,"password":true,"otp":"","secret":"null"}' },
      'null true ""',
    ],
    ['a bare scheme', { fields: [['Authorization', 'Bearer']] }, 'Bearer'],
    ['a token of pages', { answer: '{"next_page_token":"opaque-1234"}' }, 'opaque-1234'],
    [
      'the type of a token',
      { answer: '{"token_type":"opaque-1234","isExpiredOtp":false}' },
      'opaque-1234 false',
    ],
    ['what is declared to be open', { answer: '{"sessionToken":"opaque-1234"}' }, 'opaque-1234'],
    [
      'other members',
      { answer: '{"shipping":"opaque-1234","compass":"north-west"}' },
      'opaque-1234 north-west',
    ],
  ] satisfies [string, Parameters<typeof exchange>[1], string][])('leaves %s', (_, given, text) => {
    expect(learned({ fields: [], ...given })(text)).toBe(text);
  });
});

describe('what a contract marks', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'marks-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  it('is secret by format, writeOnly, media type or x-secret, behind references too', async () => {
    const marked = {
      type: 'object',
      properties: {
        a_format: { type: 'string', format: 'password' },
        an_otp: { $ref: 'more.json#/Otp' },
        write_only: { type: 'string', writeOnly: true },
        a_jwt: { allOf: [{ type: 'string' }, { type: 'string', contentMediaType: 'application/jwt' }] },
        extended: { type: 'string', 'x-secret': true },
        listed: { type: 'array', items: { type: 'string', format: 'password' } },
        password: { type: 'string', format: 'password', 'x-secret': false },
        plain: { type: 'string' },
      },
    };
    const content = { 'application/json': { schema: { $ref: 'more.json#/Marked' } } };
    const parameters = [{ name: 'x-in-header', in: 'header', 'x-secret': true, schema: { type: 'string' } }];
    const headers = { 'X-Handed-Out': { schema: { type: 'string', 'x-secret': true } } };
    const responses = { 200: { description: 'ok', headers } };
    const document = {
      openapi: '3.1.1',
      info: { title: 'Marks', version: '1' },
      paths: { '/a': { post: { parameters, requestBody: { content }, responses } } },
      components: { securitySchemes: { key: { type: 'apiKey', in: 'query', name: 'k' } } },
    };
    writeFileSync(
      path.join(folder, 'more.json'),
      JSON.stringify({ Marked: marked, Otp: { type: 'string', format: 'otp' } }),
    );
    writeFileSync(path.join(folder, 'marks.json'), JSON.stringify(document));
    const contract = await loadContract(path.join(folder, 'marks.json'));
    expect([...secretMembers(contract)].sort()).toEqual(
      [
        'X-Handed-Out',
        'a_format',
        'a_jwt',
        'an_otp',
        'extended',
        'k',
        'listed',
        'write_only',
        'x-in-header',
      ].sort(),
    );
    expect(openMembers(contract)).toEqual(['password']);
  });

  it('is found in the shipped contracts', async () => {
    expect(secretMembers(await loadContract('matar'))).toEqual(
      expect.arrayContaining(['access_token', 'refresh_token']),
    );
    expect(secretMembers(await loadContract('xerial'))).toEqual(expect.arrayContaining(['token']));
  });
});
